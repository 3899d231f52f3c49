#!/bin/sh
# What Siteward's image does, by one word: web, worker, upgrade, healthy; anything else is a command of manage.py.
# It runs the same outside an image: from the root of the tree, with its Python first on the path.
set -eu
cd "$(dirname "$0")/.."

case "${1:-web}" in
    web)
        export MALLOC_ARENA_MAX=2 # the threads of a worker share what a large answer left behind
        exec python -m gunicorn --config python:backend.config.gunicorn_settings backend.config.wsgi:application
        ;;
    worker)
        exec python manage.py worker
        ;;
    upgrade)
        # migrations hold locks that outlive a transaction: they go past a connection pool
        DATABASE_URL="${SITEWARD_DIRECT_DATABASE_URL:-${DATABASE_URL:-}}"
        SITEWARD_POOLED=false
        export DATABASE_URL SITEWARD_POOLED
        exec python manage.py upgrade
        ;;
    healthy)
        # asked inside the container, so past the proxy: say what the proxy would say
        exec python -c '
import json, os, sys, urllib.error, urllib.request
host = os.environ.get("SITEWARD_HOSTS", "localhost").split(",")[0].lstrip(".")
port = os.environ.get("SITEWARD_BIND", "127.0.0.1:8000").rpartition(":")[2]
asked = urllib.request.Request(f"http://127.0.0.1:{port}/healthz?jobs=no", headers={"Host": host, "X-Forwarded-Proto": "https"})
try:
    answer = urllib.request.urlopen(asked, timeout=8)
    sys.exit(0 if json.load(answer)["status"] == "ok" else 1)
except urllib.error.HTTPError as wrong:
    sys.exit(wrong.read().decode(errors="replace")[:500] or str(wrong))
except OSError as wrong:
    sys.exit(f"The web process does not answer: {wrong}")
'
        ;;
    *)
        exec python manage.py "$@"
        ;;
esac
