"""The pages' addresses. A label's address comes last: eight letters and figures, in any case."""

from django.urls import path, re_path

from backend.office.views import (
    assets,
    compliance,
    fieldapp,
    held,
    helping,
    home,
    labels,
    lapses,
    photos,
    places,
    plans,
    problems,
    records,
    scan,
    signin,
)

LABEL_PATH = r"^(?P<code>[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{8})/?$"
"""Crockford's letters (no I, L, O, U), so that words such as /problems are never taken for a label."""

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("compliance/", compliance.compliance_board, name="compliance"),
    path("compliance.csv", compliance.compliance_csv, name="compliance-csv"),
    path("schools/<uuid:id>/", compliance.school_page, name="school"),
    path("sites/<uuid:id>/", places.site_page, name="site"),
    path("buildings/<uuid:id>/", places.building_page, name="building"),
    path("assets/", assets.asset_list, name="assets"),
    path("assets.csv", assets.asset_csv, name="assets-csv"),
    path("assets/<uuid:id>/", assets.asset_page, name="asset"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans.csv", plans.plan_csv, name="plans-csv"),
    path("plans/<uuid:id>/", plans.plan_page, name="plan"),
    path("records/", records.record_list, name="records"),
    path("records.csv", records.record_csv, name="records-csv"),
    path("records/<uuid:id>/", records.record_page, name="record"),
    re_path(r"^photos/(?P<sha256>[0-9a-f]{64})/$", photos.original, name="photo"),
    re_path(r"^photos/(?P<sha256>[0-9a-f]{64})/(?P<size>small|large)/$", photos.shown, name="photo-shown"),
    path("lapses/", lapses.lapse_list, name="lapses"),
    path("lapses.csv", lapses.lapse_csv, name="lapses-csv"),
    path("problems/", problems.problem_list, name="problems"),
    path("problems.csv", problems.problem_csv, name="problems-csv"),
    path("problems/<uuid:id>/", problems.problem_page, name="problem"),
    path("problems/<uuid:id>/close/", problems.close, name="problem-close"),
    path("held/", held.held_list, name="held"),
    path("held/<uuid:id>/", held.held_page, name="held-one"),
    path("held/kept/<uuid:id>/", held.kept_page, name="kept-one"),
    path("labels/", labels.labels, name="labels"),
    path("search/", scan.search, name="search"),
    path("help/", helping.help_index, name="help"),
    path("help/<slug:slug>/", helping.help_page, name="help-page"),
    path("field/", fieldapp.field_app, name="field"),
    path("field/<path:path>", fieldapp.field_app, name="field-path"),
    re_path(LABEL_PATH, scan.scanned, name="label"),
]
