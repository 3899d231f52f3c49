"""The addresses of: risk, the year ahead, assumptions, board papers, condition."""

from django.urls import URLPattern, path

from backend.office.risk import assumptions, board, condition, pages, papers, places, register, returns, what_ifs
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("risk/", board.board, name="risk"),
    path("risk/exposures/", pages.exposure_list, name="exposures"),
    *downloads("risk/exposures", pages.exposure_csv, "exposures"),
    path("risk/exposures/<str:key>/", pages.exposure_page, name="exposure"),
    path("risk/places/", places.place_list, name="risk-places"),
    *downloads("risk/places", places.place_csv, "risk-places"),
    path("risk/what-if/", what_ifs.what_if, name="risk-what-if"),
    path("risk/register/", register.risk_list, name="risk-register"),
    *downloads("risk/register", register.risk_csv, "risk-register"),
    path("risk/register/add/", register.risk_add, name="risk-add"),
    path("risk/register/<uuid:id>/", register.risk_page, name="risk-one"),
    path("risk/register/<uuid:id>/change/", register.risk_change, name="risk-change"),
    path("risk/register/<uuid:id>/review/", register.risk_review, name="risk-review"),
    path("risk/register/<uuid:id>/close/", register.risk_close, name="risk-close"),
    path("risk/register/<uuid:id>/open/", register.risk_open, name="risk-open"),
    path("risk/return/", returns.return_page, name="annual-return"),
    *downloads("risk/return", returns.return_csv, "annual-return"),
    path("risk/return/sign/", returns.return_sign, name="annual-return-sign"),
    path("risk/return/<uuid:id>/", returns.signed_page, name="annual-return-signed"),
    path("risk/return/<slug:key>/answer/", returns.return_answer, name="annual-return-answer"),
    path("risk/forecast/", pages.ahead_list, name="risk-forecast"),
    *downloads("risk/forecast", pages.ahead_csv, "risk-forecast"),
    path("risk/assumptions/", assumptions.assumption_list, name="assumptions"),
    path("risk/assumptions/<slug:key>/", assumptions.assumption_change, name="assumption"),
    path("risk/papers/", papers.paper_list, name="board-papers"),
    path("risk/papers/freeze/", papers.paper_freeze, name="board-paper-freeze"),
    path("risk/papers/<uuid:id>/", papers.paper_page, name="board-paper"),
    path("risk/papers/<uuid:id>.pdf", papers.paper_pdf, name="board-paper-pdf"),
    path("risk/papers/<uuid:id>/again/", papers.paper_again, name="board-paper-again"),
    path("condition/", condition.survey_list, name="condition"),
    path("condition/add/", condition.look_add, name="condition-add"),
    path("condition/items/", condition.item_list, name="condition-items"),
    *downloads("condition/items", condition.item_csv, "condition-items"),
    path("condition/items/<uuid:id>/", condition.item_page, name="condition-item"),
    path("condition/items/<uuid:id>/photos/<str:sha256>/<slug:size>/", condition.item_photo, name="condition-item-photo"),
    path("condition/items/<uuid:id>/end/", condition.item_end, name="condition-item-end"),
    path("condition/items/<uuid:id>/reopen/", condition.item_reopen, name="condition-item-reopen"),
    path("condition/surveys/<uuid:id>/", condition.survey_page, name="condition-survey"),
    path("condition/surveys/<uuid:id>/withdraw/", condition.survey_withdraw, name="condition-survey-withdraw"),
]
