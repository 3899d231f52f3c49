"""The addresses of: the register in depth: makes and models, details by type, moves, papers, warranties, disposals, history."""

from django.urls import URLPattern, path

from backend.office.register import assets, history, models, papers
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("assets/add/", assets.asset_add, name="asset-add"),
    path("assets/<uuid:id>/change/", assets.asset_change, name="asset-change"),
    path("assets/<uuid:id>/follow/", assets.follow, name="asset-follow"),
    path("assets/<uuid:id>/link/", assets.link, name="asset-link"),
    path("assets/<uuid:id>/move/", assets.move, name="asset-move"),
    path("assets/<uuid:id>/part-of/", assets.part_of, name="asset-part-of"),
    path("assets/<uuid:id>/retire/", assets.retire, name="asset-retire"),
    path("assets/<uuid:id>/history/", history.history, name="asset-history"),
    path("assets/<uuid:id>/papers/add/", papers.paper_add, name="asset-paper-add"),
    path("assets/<uuid:id>/warranties/add/", papers.warranty_add, name="warranty-add"),
    path("assets/disposals/<uuid:id>/undo/", assets.undo, name="disposal-undo"),
    path("assets/papers/<uuid:id>/", papers.paper_file, name="asset-paper"),
    path("assets/papers/<uuid:id>/withdraw/", papers.paper_withdraw, name="asset-paper-withdraw"),
    path("assets/papers/<uuid:id>/<slug:size>/", papers.paper_shown, name="asset-paper-shown"),
    path("assets/warranties/<uuid:id>/withdraw/", papers.warranty_withdraw, name="warranty-withdraw"),
    path("models/", models.model_list, name="models"),
    *downloads("models", models.model_csv),
    path("models/add/", models.model_add, name="model-add"),
    path("models/<uuid:id>/", models.model_page, name="model"),
    path("models/<uuid:id>/manual/", models.manual, name="model-manual"),
    path("models/<uuid:id>/change/", models.model_change, name="model-change"),
    path("models/<uuid:id>/merge/", models.model_merge, name="model-merge"),
]
