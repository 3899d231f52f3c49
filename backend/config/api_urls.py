"""The API: every address answers with and without a slash at its end; the document names it without."""

from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from backend.assets import api as assets
from backend.checks import api as checks
from backend.config import api_document  # noqa: F401  for its registrations
from backend.hr import api as hr
from backend.maintenance import api as maintenance
from backend.sync.api.files import File
from backend.trust import api as trust

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("schools", trust.Schools, "school")
router.register("sites", trust.Sites, "site")
router.register("buildings", trust.Buildings, "building")
router.register("spaces", trust.Spaces, "space")
router.register("terms", trust.Terms, "term")
router.register("calendar-marks", trust.CalendarMarks, "calendar-mark")
router.register("people", trust.People, "person")
router.register("competences", hr.Competences, "competence")
router.register("asset-types", assets.AssetTypes, "asset-type")
router.register("assets", assets.Assets, "asset")
router.register("defects", maintenance.Defects, "defect")
router.register("check-types", checks.CheckTypes, "check-type")
router.register("plans", checks.Plans, "plan")
router.register("records", checks.Records, "record")
router.register("lapses", checks.Lapses, "lapse")

revisions = checks.CheckRevisions
named = [
    path("schema", cache_page(600)(SpectacularAPIView.as_view()), name="api-schema"),
    path("auth/token", trust.SignIn.as_view(), name="api-token"),
    path("files/<str:sha256>", File.as_view(), name="api-file"),
    path("compliance", checks.Compliance.as_view(), name="api-compliance"),
    path("assets/by-tag/<str:code>", checks.ByTag.as_view(), name="asset-by-tag"),
    path("assets/<uuid:id>/take-out-of-service", checks.TakeOutOfService.as_view(), name="asset-take-out-of-service"),
    path("assets/<uuid:id>/return-to-service", checks.ReturnToService.as_view(), name="asset-return-to-service"),
    path("check-types/<slug:code>/revisions", revisions.as_view({"get": "list"}), name="check-revision-list"),
    path(
        "check-types/<slug:code>/revisions/<int:number>",
        revisions.as_view({"get": "retrieve"}),
        name="check-revision-detail",
    ),
]


def with_slash(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern]:
    """The same addresses with a slash at their end, unnamed: a link never leads there, a habit may."""
    return [path(f"{each.pattern}/", each.callback) for each in patterns if isinstance(each, URLPattern)]


addresses = [*named, *router.urls]
urlpatterns = [*addresses, *with_slash(addresses), path("field/", include("backend.sync.urls"))]
