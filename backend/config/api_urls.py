"""The API: every address answers with and without a slash at its end; the document names it without."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from rest_framework.routers import SimpleRouter

from backend.assets import api as assets
from backend.checks import api as checks
from backend.config.api_document import document
from backend.hr import api as hr
from backend.maintenance import api as maintenance
from backend.office.calendar.year_api import YearMoves
from backend.office.events.api import Events
from backend.office.events.hooks_api import Webhooks
from backend.office.proof import api as proof
from backend.sync.api.files import File
from backend.trust import api as trust

if not settings.WEB:  # where the document is made
    from backend.config import api_schemes  # noqa: F401  for its registrations

router = SimpleRouter(trailing_slash=False, use_regex_path=False)
router.register("schools", trust.Schools, "school")
router.register("sites", trust.Sites, "site")
router.register("buildings", trust.Buildings, "building")
router.register("spaces", trust.Spaces, "space")
router.register("terms", trust.Terms, "term")
router.register("calendar-marks", trust.CalendarMarks, "calendar-mark")
router.register("people", trust.People, "person")
router.register("competences", hr.Competences, "competence")
router.register("absences", hr.Absences, "absence")
router.register("asset-types", assets.AssetTypes, "asset-type")
router.register("assets", checks.Assets, "asset")
router.register("floor-plans", assets.Drawings, "floor-plan")
router.register("label-rolls", assets.LabelRolls, "label-roll")
router.register("defects", maintenance.Defects, "defect")
router.register("work-orders", maintenance.WorkOrders, "work-order")
router.register("check-types", checks.CheckTypes, "check-type")
router.register("plans", checks.Plans, "plan")
router.register("bookings", checks.Bookings, "booking")
router.register("certificates", checks.Certificates, "certificate")
router.register("documents", checks.Documents, "document")
router.register("contractors", maintenance.Contractors, "contractor")
router.register("records", checks.Records, "record")
router.register("lapses", checks.Lapses, "lapse")
router.register("webhooks", Webhooks, "webhook")
router.register("evidence-packs", proof.EvidencePacks, "evidence-pack")

revisions = checks.CheckRevisions
named = [
    path("schema", document, name="api-schema"),
    path("auth/token", trust.SignIn.as_view(), name="api-token"),
    path("files/<str:sha256>", File.as_view(), name="api-file"),
    path("sites/<uuid:id>/facts", trust.SaySiteFacts.as_view(), name="site-say-facts"),
    path("buildings/<uuid:id>/facts", trust.SayBuildingFacts.as_view(), name="building-say-facts"),
    path("tags/<str:code>/replace", assets.ReplaceTag.as_view(), name="tag-replace-by-api"),
    path("tags/<str:code>/retire", assets.RetireTag.as_view(), name="tag-retire-by-api"),
    path("schools/<uuid:id>/year-moves", YearMoves.as_view(), name="school-year-moves"),
    path("events", Events.as_view(), name="api-events"),
    path("compliance", checks.Compliance.as_view(), name="api-compliance"),
    path("assets/by-tag/<str:code>", checks.ByTag.as_view(), name="asset-by-tag"),
    path("assets/<uuid:id>/take-out-of-service", checks.TakeOutOfService.as_view(), name="asset-take-out-of-service"),
    path("assets/<uuid:id>/move", checks.MoveAsset.as_view(), name="asset-move-by-api"),
    path("assets/<uuid:id>/retire", checks.RetireAsset.as_view(), name="asset-retire-by-api"),
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
