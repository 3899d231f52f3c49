"""Every setting of Siteward in one file, read from the environment (see .env.example).

Nothing secret has a usable default outside demo mode.
"""

import os
import sys
from pathlib import Path

import environ

from backend.config.api_settings import *  # noqa: F403  what no environment changes
from backend.config.database import connection, for_the_web, plan_once
from backend.config.logs import settings_for_logs
from backend.config.providers import providers
from backend.config.signing_in import *  # noqa: F403  what no environment changes
from backend.config.storage import file_storage
from backend.config.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()
env.read_env(str(ROOT / ".env"))
VAR = Path(env.str("SITEWARD_VAR", default=str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)

SITEWARD_VERSION = VERSION
DEMO = env.bool("SITEWARD_DEMO", default=True)
DEBUG = env.bool("SITEWARD_DEBUG", default=False)
TESTING = "pytest" in sys.modules


def secret(name: str) -> str:
    """What the environment holds under a name, or what stands in the file named by <name>_FILE; else nothing."""
    named = env.str(f"{name}_FILE", default="")
    return str(Path(named).read_text().strip() if named else env.str(name, default=""))


def secret_key() -> str:
    """The signing key: SITEWARD_SECRET_KEY (or the file named by …_FILE), else, in demo mode, one made once under var/."""
    if given := secret("SITEWARD_SECRET_KEY"):
        return given
    if not DEMO:
        sys.exit("Set SITEWARD_SECRET_KEY (50 or more random characters), or SITEWARD_SECRET_KEY_FILE.")
    kept = VAR / "secret-key"
    if not kept.exists():
        import secrets

        kept.write_text(secrets.token_urlsafe(60))
        kept.chmod(0o600)
    return str(kept.read_text()).strip()


SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = [old] if (old := secret("SITEWARD_SECRET_KEY_OLD")) else []  # after the key was changed
ALLOWED_HOSTS = env.list("SITEWARD_HOSTS", default=["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("SITEWARD_ORIGINS", default=[])
PHONE_PORT = env.int("SITEWARD_PHONE_PORT", default=8443)
LABEL_HOST = env.str("SITEWARD_LABEL_HOST", default="Q.SITE.DEMO").upper()
LABEL_HOSTS = [LABEL_HOST, *[h.upper() for h in env.list("SITEWARD_LABEL_HOSTS_OLD", default=[])]]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_q",
    "pgtrigger",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "backend.core",
    "backend.trust",
    "backend.approvals",
    "backend.assets",
    "backend.hr",
    "backend.maintenance",
    "backend.checks",
    "backend.finance",
    "backend.risk",
    "backend.sync",
    "backend.office",
    "backend.config",
]
MIDDLEWARE = [
    "backend.config.request_log.RequestLog",
    "backend.core.headers.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backend.trust.signin.SlidingSession",
    "backend.core.problems.ProblemMiddleware",
]
ROOT_URLCONF = "backend.config.urls"
WSGI_APPLICATION = "backend.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backend.office.frame.frame",
            ],
            "builtins": ["backend.core.templatetags.words"],
        },
    }
]

POOLED = env.bool("SITEWARD_POOLED", default=False)  # PgBouncer in transaction mode stands before the server
DIRECT_DATABASE_URL = env.str("SITEWARD_DIRECT_DATABASE_URL", default="")  # past the pool: for backups and upgrades
DATABASE_URL = env.str("DATABASE_URL", default="")  # empty: the embedded server
DATABASES = {"default": connection(ROOT, DATABASE_URL, pooled=POOLED)}
if database_password := secret("SITEWARD_DATABASE_PASSWORD"):
    DATABASES["default"]["PASSWORD"] = database_password
if not POOLED:
    plan_once(DATABASES["default"])
WEB = env.str("SITEWARD_PROCESS", default="") == "web"
if WEB and not POOLED:
    for_the_web(DATABASES["default"])
if WEB:  # it serves the API's document as it is; making one is for commands
    REST_FRAMEWORK["DEFAULT_SCHEMA_CLASS"] = "rest_framework.schemas.openapi.AutoSchema"  # noqa: F405
DATABASES["default"]["NAME"] = env.str("SITEWARD_DATABASE", default=DATABASES["default"]["NAME"])
DATABASES["default"]["TEST"] = {"NAME": env.str("SITEWARD_TEST_DB", default="test_siteward")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "trust.Person"
AUTHENTICATION_BACKENDS = ["backend.trust.signin.EmailBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:  # argon2 is slow on purpose; the tests sign in hundreds of times
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
SECOND_FACTOR_ROLES = frozenset(env.list("SITEWARD_SECOND_FACTOR_ROLES", default=[]))  # further roles, or "all"
SECOND_FACTOR_GRACE_DAYS = env.int("SITEWARD_SECOND_FACTOR_GRACE_DAYS", default=7)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # http://localhost
SINGLE_SIGN_ON = providers(env, secret, demo=DEMO)
if WEB and not SINGLE_SIGN_ON:  # nobody signs in elsewhere: what only that needs is 5 MB of every worker
    INSTALLED_APPS.remove("allauth.socialaccount.providers.openid_connect")
    sys.modules.setdefault("requests", None)  # type: ignore[arg-type]  # until all is loaded: gunicorn_settings lets it in again
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": SINGLE_SIGN_ON, "OAUTH_PKCE_ENABLED": True}}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "backend.trust.sessions"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False  # slid by trust.signin once a day, not written on every request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env.bool("SITEWARD_SECURE_COOKIES", default=not DEMO)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
if SECURE_COOKIES:  # the prefix makes the browser refuse a cookie that another host or plain HTTP has set
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # one cookie fewer
CSRF_FAILURE_VIEW = "backend.core.problems.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("SITEWARD_BEHIND_PROXY", default=False) else None
SECURE_SSL_REDIRECT = env.bool("SITEWARD_HTTPS_ONLY", default=not DEMO)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$", r"^api/"]  # asked by programs: core/headers.py refuses the API in the clear
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "script-src": ["'self'"],  # the checks app may compile its WebAssembly besides: office/views/fieldapp.py
        "style-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

WEBHOOKS_TO_THIS_MACHINE = False  # only tests say otherwise: then also without https
TILES = env.str("SITEWARD_TILES", default="")  # office/maps/tiles.py: the browser asks that host for pictures, on the map alone
TILES_ATTRIBUTION = env.str("SITEWARD_TILES_ATTRIBUTION", default="")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("SITEWARD_STATIC", default=str(VAR / "static")))
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise looks for it at start
HTMX = ROOT / "node_modules" / "htmx.org" / "dist"
STATICFILES_DIRS = [("htmx", HTMX)] if HTMX.exists() else []
FIELDAPP_DIST = ROOT / "fieldapp" / "dist"
BACKUP_FOLDER = env.str("SITEWARD_BACKUP_FOLDER", default="")
BACKUP_SCHEDULED = bool(BACKUP_FOLDER or env.str("SITEWARD_BACKUP_S3_BUCKET", default=""))
BACKUP_RECIPIENTS = env.list("SITEWARD_BACKUP_RECIPIENTS", default=[])  # age1…: who alone can open a backup
BACKUP_IDENTITY_FILE = env.str("SITEWARD_BACKUP_IDENTITY_FILE", default="")  # only where backups are proved or restored
OPERATORS = env.list("SITEWARD_OPERATORS", default=[])  # addresses told when a backup fails
BACKUP_UNENCRYPTED = env.bool("SITEWARD_BACKUP_UNENCRYPTED", default=DEMO)
MEDIA_ROOT = Path(env.str("SITEWARD_FILES", default=str(VAR / ("test-files" if TESTING else "files"))))
STORAGES = {
    "default": file_storage(env, MEDIA_ROOT, "SITEWARD_S3"),
    "backups": file_storage(env, Path(BACKUP_FOLDER or VAR / "backups"), "SITEWARD_BACKUP_S3"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
SIGNING_KEY_FILE = env.str("SITEWARD_SIGNING_KEY_FILE", default=str(VAR / "signing-key.pem"))  # in demo mode made when missing
HEADS_FILE = env.str("SITEWARD_HEADS_FILE", default=str(VAR / "heads" / f"{DATABASES['default']['NAME']}.jsonl"))
if TESTING:
    HEADS_FILE = str(VAR / "test-heads" / f"{os.getpid()}.jsonl")
HEAD_MAIL = env.list("SITEWARD_HEAD_MAIL", default=[])  # trustees who are sent the audit chain's head every day
CLAMD = env.str("SITEWARD_CLAMD", default="")  # /run/clamav/clamd.ctl or host:3310; unset: files are not scanned
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000


SITEWARD_ADDRESS = env.str("SITEWARD_ADDRESS", default="")  # https://estates.example.org, for links in letters
EMAIL_URL = secret("SITEWARD_MAIL_URL")  # smtp+tls://user:password@mail.example.org:587
MAIL = env.email_url_config(EMAIL_URL) if EMAIL_URL else {}
NOTICES_ON = env.bool("SITEWARD_NOTICES", default=not DEMO)  # whether people are told by themselves; not in the demo
PUSH_ON = env.bool("SITEWARD_PUSH", default=True)  # whether phones and browsers may be told through their makers' push services
PUSH_KEY_FILE = env.str("SITEWARD_PUSH_KEY_FILE", default=str(VAR / ("test-push-key.pem" if TESTING else "push-key.pem")))
# Further push services (office/notices/devices.py); .example.org stands for all below it.
PUSH_HOSTS = env.list("SITEWARD_PUSH_HOSTS", default=[])
MAIL_IS_SET_UP = bool(EMAIL_URL) or DEMO  # without it, letters that hold links are not written anywhere
MAIL_UNSET = "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.console.EmailBackend"
MAIL_THROUGH = MAIL.get("EMAIL_BACKEND", MAIL_UNSET)
EMAIL_FILE_PATH = MAIL.get("EMAIL_FILE_PATH") or VAR / "mail"
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_BACKEND = "backend.config.mail.NotedMail"
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("SITEWARD_MAIL_FROM", default="siteward@localhost")

Q_CLUSTER = {
    "name": "siteward",
    "orm": "default",
    "workers": env.int("SITEWARD_WORKERS", default=1),
    "timeout": 900,
    "retry": 1800,
    "max_attempts": 5,
    "poll": 1,
    "bulk": 1,
    "save_limit": 50,  # successes kept of each job
    "save_limit_per": "func",
    "catch_up": False,
    "ack_failures": True,
    "label": "Jobs",
}

LOGGING = settings_for_logs(
    level=env.str("SITEWARD_LOG", default="WARNING" if DEMO or TESTING else "INFO").upper(),
    as_json=env.bool("SITEWARD_LOG_JSON", default=not DEMO),
)
METRICS_TOKEN = secret("SITEWARD_METRICS_TOKEN")
if sentry := secret("SITEWARD_SENTRY_DSN"):
    from backend.config import errors

    errors.start(sentry, version=VERSION)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # HSTS preloading binds a whole domain: the trust's decision, not this program's
