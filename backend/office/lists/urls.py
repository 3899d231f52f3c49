"""The addresses of: working with lists: saved views, exports, changing many at once, searching everything."""

from django.urls import URLPattern, path

from backend.office.lists import changing, export_pages, finding, keeping

urlpatterns: list[URLPattern] = [
    path("views/", keeping.kept_views, name="views"),
    path("views/keep/", keeping.keep, name="view-keep"),
    path("views/<uuid:id>/change/", keeping.change, name="view-change"),
    path("views/<uuid:id>/drop/", keeping.drop, name="view-drop"),
    path("views/<uuid:id>/opens/", keeping.opening, name="view-opens"),
    path("change/<slug:name>/", changing.change, name="change-many"),
    path("change/done/<uuid:id>/", changing.done, name="changed-many"),
    path("change/done/<uuid:id>/undo/", changing.undo, name="changed-many-undo"),
    path("exports/<uuid:id>/", export_pages.export_page, name="list-export"),
    path("exports/<uuid:id>/file/", export_pages.export_file, name="list-export-file"),
    path("search/", finding.search, name="search"),
    path("search/suggest/", finding.suggest, name="search-suggest"),
]
