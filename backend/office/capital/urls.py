"""The addresses of the capital plan."""

from django.urls import URLPattern, path

from backend.office.capital import bids, pages, scenarios
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("capital/", pages.project_list, name="capital"),
    *downloads("capital", pages.project_csv, "capital"),
    path("capital/propose/", pages.propose, name="capital-propose"),
    path("capital/add/", pages.project_add, name="capital-add"),
    path("capital/scenarios/", scenarios.scenario_list, name="scenarios"),
    path("capital/scenarios/add/", scenarios.scenario_add, name="scenario-add"),
    path("capital/scenarios/<uuid:id>/", scenarios.scenario_page, name="scenario"),
    *downloads("capital/scenarios/<uuid:id>", scenarios.scenario_csv, "scenario"),
    path("capital/scenarios/<uuid:id>/change/", scenarios.scenario_change, name="scenario-change"),
    path("capital/scenarios/<uuid:id>/run/", scenarios.scenario_run, name="scenario-run"),
    path("capital/scenarios/<uuid:id>/close/", scenarios.scenario_close, name="scenario-close"),
    path("capital/scenarios/<uuid:id>/open/", scenarios.scenario_open, name="scenario-open"),
    path("capital/scenarios/<uuid:id>/decide/", scenarios.scenario_choose, name="scenario-choose"),
    path("capital/<uuid:id>/", pages.project_page, name="project"),
    path("capital/<uuid:id>.pdf", bids.bid_pdf, name="project-bid"),
    path("capital/<uuid:id>.zip", bids.bid_zip, name="project-pack"),
    path("capital/<uuid:id>/change/", pages.project_change, name="project-change"),
    path("capital/<uuid:id>/stage/", pages.project_stage, name="project-stage"),
]
