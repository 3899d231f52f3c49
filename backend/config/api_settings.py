"""The API's settings, for Django REST framework and its document: what no environment changes."""

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
        "EventKind": "backend.office.events.kinds.CHOICES",
        "WebhookState": "backend.office.events.hooks_api.STATES",
        "PackState": "backend.checks.models.PackRequest.State",
        "Severity": "backend.maintenance.models.Severity",
        "CertificateKind": "backend.checks.models.Certificate.Kind",
        "CalendarMarkKind": "backend.trust.models.CalendarMark.Kind",
        "LapseNoteKind": "backend.checks.models.LapseNote.Kind",
        "DefectNoteKind": "backend.maintenance.models.notes.KINDS",
        "Outcome": "backend.checks.models.CheckRecord.Outcome",
        "Presence": "backend.checks.models.CheckRecord.Presence",
        "PresenceFromAProgram": "backend.checks.api.record_shapes.FROM_A_PROGRAM",
    },
}
