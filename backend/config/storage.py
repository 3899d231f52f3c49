"""Where files lie: in a folder, or in any S3-compatible store."""

from pathlib import Path
from typing import Any

import environ


def file_storage(env: environ.Env, folder: Path, prefix: str) -> dict[str, Any]:
    """Django's settings for one storage: `<prefix>_BUCKET` names a bucket, else it is `folder`.

    With a bucket: `_ENDPOINT` (https://…, unset for Amazon), `_REGION`, `_KEY`, `_SECRET` or `_SECRET_FILE`, and `_FOLDER`
    inside the bucket. Nothing is ever served from the store itself: pages hand files out after asking whose they are.
    """
    bucket = env.str(f"{prefix}_BUCKET", default="")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": folder}}
    named = env.str(f"{prefix}_SECRET_FILE", default="")
    secret = Path(named).read_text().strip() if named else env.str(f"{prefix}_SECRET", default="")
    return {
        "BACKEND": "backend.config.objects.ObjectStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "location": env.str(f"{prefix}_FOLDER", default=""),
            "endpoint_url": env.str(f"{prefix}_ENDPOINT", default="") or None,
            "region_name": env.str(f"{prefix}_REGION", default="") or None,
            "access_key": env.str(f"{prefix}_KEY", default="") or None,
            "secret_key": secret or None,
            "default_acl": None,
            "file_overwrite": True,
        },
    }
