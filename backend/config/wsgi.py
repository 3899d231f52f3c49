"""The web process's entrance (WSGI: persistent database connections, see DECISIONS.md)."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.config.settings")
try:
    application = get_wsgi_application()
except SystemExit as refused:  # a setting that cannot stand, with its one sentence: to gunicorn any exit is a worker that died
    sys.stderr.write(f"{refused.code}\n")
    sys.exit(3)  # but this is its own code for "cannot begin": it gives up instead of trying for ever
