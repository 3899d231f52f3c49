"""Makes the end-to-end database without a trust, and says the code of the first start as JSON. Run as a module."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from backend.checks.actions import publish_library  # noqa: E402
from backend.trust.actions.setting_up import issue_code  # noqa: E402


def main() -> None:
    """Migrate and publish the library, as `manage.py upgrade` does; then the code that the terminal prints."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    publish_library(actor="tests")
    print(json.dumps({"code": issue_code()}))  # noqa: T201  read by the fixture


if __name__ == "__main__":
    main()
