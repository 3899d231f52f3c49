"""Every setting of Siteward in one file, read from the environment (see .env.example).

Nothing secret has a usable default outside demo mode.
"""

import sys
from pathlib import Path

import environ

from backend.config.database import connection
from backend.config.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
VAR.mkdir(exist_ok=True)
env = environ.Env()
env.read_env(str(ROOT / ".env"))

SITEWARD_VERSION = VERSION
DEMO = env.bool("SITEWARD_DEMO", default=True)
DEBUG = env.bool("SITEWARD_DEBUG", default=False)
TESTING = "pytest" in sys.modules


def secret_key() -> str:
    """The signing key: SITEWARD_SECRET_KEY (or the file named by …_FILE), else, in demo mode, one made once under var/."""
    named = env.str("SITEWARD_SECRET_KEY_FILE", default="")
    if named:
        return str(Path(named).read_text()).strip()
    given = env.str("SITEWARD_SECRET_KEY", default="")
    if given:
        return str(given)
    if not DEMO:
        sys.exit("Set SITEWARD_SECRET_KEY (50 or more random characters), or SITEWARD_SECRET_KEY_FILE.")
    kept = VAR / "secret-key"
    if not kept.exists():
        import secrets

        kept.write_text(secrets.token_urlsafe(60))
        kept.chmod(0o600)
    return str(kept.read_text()).strip()


SECRET_KEY = secret_key()
ALLOWED_HOSTS = env.list("SITEWARD_HOSTS", default=["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("SITEWARD_ORIGINS", default=[])
PHONE_PORT = env.int("SITEWARD_PHONE_PORT", default=8443)
DEMO_ACCOUNTS = [
    "caretaker@oakfield.demo",
    "caretaker@riverside.demo",
    "site.manager@oakfield.demo",
    "sbm@oakfield.demo",
    "head@oakfield.demo",
    "estates@trust.demo",
    "cfo@trust.demo",
    "hr@trust.demo",
    "holder@oakfield.demo",
    "teacher@oakfield.demo",
    "governor@oakfield.demo",
    "trustee@trust.demo",
    "ceo@trust.demo",
    "auditor@external.demo",
    "clerk@trust.demo",
    "admin@trust.demo",
]
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
    "django_q",
    "pgtrigger",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "backend.core",
    "backend.trust",
    "backend.assets",
    "backend.hr",
    "backend.maintenance",
    "backend.checks",
    "backend.sync",
    "backend.office",
    "backend.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

DATABASES = {"default": connection(ROOT, env.str("DATABASE_URL", default=""))}
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
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_SAVE_EVERY_REQUEST = False  # slid by trust.signin once a day, not written on every request
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_COOKIES = env.bool("SITEWARD_SECURE_COOKIES", default=not DEMO)
SESSION_COOKIE_SECURE = SECURE_COOKIES
CSRF_COOKIE_SECURE = SECURE_COOKIES
CSRF_FAILURE_VIEW = "backend.core.problems.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("SITEWARD_BEHIND_PROXY", default=False) else None
SECURE_SSL_REDIRECT = env.bool("SITEWARD_HTTPS_ONLY", default=not DEMO)
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise looks for it at start
HTMX = ROOT / "node_modules" / "htmx.org" / "dist"
STATICFILES_DIRS = [("htmx", HTMX)] if HTMX.exists() else []
FIELDAPP_DIST = ROOT / "fieldapp" / "dist"
MEDIA_ROOT = VAR / ("test-files" if TESTING else "files")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "backend.trust.tokens.TokenAuthentication",
        "backend.trust.tokens.SessionSignIn",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "backend.core.api.paging.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "backend.core.problems.answer_for_api",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Siteward",
    "DESCRIPTION": "Estates and statutory compliance for multi-academy trusts. Errors are application/problem+json.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "PREPROCESSING_HOOKS": ["backend.core.api.schema.without_twins"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "backend.core.api.schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AssetStatus": "backend.assets.models.Asset.Status",
        "DefectStatus": "backend.maintenance.models.Defect.Status",
        "WorkOrderStatus": "backend.maintenance.models.WorkOrder.Status",
        "PlanStatus": "backend.checks.api.plan_rows.STATUSES",
        "Severity": "backend.maintenance.models.Severity",
        "Outcome": "backend.checks.models.CheckRecord.Outcome",
        "Presence": "backend.checks.models.CheckRecord.Presence",
        "PresenceFromAProgram": "backend.checks.api.record_shapes.FROM_A_PROGRAM",
    },
}

Q_CLUSTER = {
    "name": "siteward",
    "orm": "default",
    "workers": env.int("SITEWARD_WORKERS", default=1),
    "timeout": 900,
    "retry": 1800,
    "max_attempts": 5,
    "poll": 1,
    "bulk": 1,
    "catch_up": False,
    "ack_failures": True,
    "label": "Jobs",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("SITEWARD_LOG", default="WARNING")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
