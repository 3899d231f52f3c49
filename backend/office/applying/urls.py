"""The addresses of: which checks apply: facts, the proposed plans, what does not apply, new editions of the library."""

from django.urls import URLPattern, path

from backend.office.applying import asking, by_hand, deciding, entering, library, proposing
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("applying/", asking.overview, name="applying"),
    path("sites/<uuid:id>/facts/", asking.facts_page, name="site-facts"),
    path("sites/<uuid:id>/facts/<slug:group>/", asking.group_page, name="site-facts-group"),
    path("sites/<uuid:id>/proposal/", proposing.proposal_page, name="site-proposal"),
    *downloads("sites/<uuid:id>/proposal", proposing.proposal_csv, name="site-proposal"),
    path("not-applicable/", deciding.decision_list, name="not-applicable"),
    *downloads("not-applicable", deciding.decision_csv),
    path("not-applicable/new/", deciding.ask_page, name="not-applicable-new"),
    path("not-applicable/<uuid:id>/", deciding.decision_page, name="not-applicable-one"),
    path("library/", library.library_page, name="library"),
    path("library/changes/", library.changes_page, name="library-changes"),
    path("library/changes/<slug:code>/", library.change_page, name="library-change"),
    path("library/<slug:code>/", library.check_page, name="library-check"),
    path("plans/new/", by_hand.new_plan, name="plan-new"),
    path("plans/<uuid:id>/interval/", by_hand.interval, name="plan-interval"),
    path("plans/<uuid:id>/pause/", by_hand.pause, name="plan-pause"),
    path("plans/<uuid:id>/resume/", by_hand.resume, name="plan-resume"),
    path("plans/<uuid:id>/end/", by_hand.end, name="plan-end"),
    path("plans/<uuid:id>/enter/", entering.enter, name="plan-enter"),
    path("assets/<uuid:id>/out-of-service/", by_hand.out_of_service, name="asset-out-of-service"),
    path("assets/<uuid:id>/back/", by_hand.back_in_service, name="asset-back"),
    path("lapses/<uuid:id>/excuse/", by_hand.excuse, name="lapse-excuse"),
    path("records/<uuid:id>/correct/", entering.correct, name="record-correct"),
]
