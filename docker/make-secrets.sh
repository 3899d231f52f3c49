#!/bin/sh
# Makes the secrets that are not there yet, at random, under docker/secrets/. Those that are there are left alone.
set -eu
folder="${1:-$(dirname "$0")/secrets}"
umask 022
mkdir -p "$folder"
chmod 700 "$folder"
for name in database_password secret_key metrics_token objects_key objects_secret; do
    if [ ! -s "$folder/$name" ]; then
        head -c 48 /dev/urandom | base64 | tr -d '\n/+=' >"$folder/$name"
    fi
done
# smtp+tls://user:password@mail.example.org:587 — empty: no mail is sent
[ -e "$folder/mail_url" ] || : >"$folder/mail_url"
# the folder is closed to everybody else; the files themselves are read inside by users of other numbers
chmod 644 "$folder"/*
echo "The secrets are in $folder. Keep a copy of them somewhere safe: without secret_key nobody stays signed in."
