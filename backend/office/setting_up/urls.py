"""The addresses of: setting up a trust from nothing: the first start, imports, places, calendars."""

from django.urls import URLPattern, path

from backend.office.setting_up import calendars, checklist, imports, places

urlpatterns: list[URLPattern] = [
    path("set-up/", checklist.set_up_page, name="set-up"),
    path("set-up/schools/add/", places.school_add, name="school-add"),
    path("schools/<uuid:id>/change/", places.school_change, name="school-change"),
    path("schools/<uuid:id>/sites/add/", places.site_add, name="site-add"),
    path("schools/<uuid:id>/calendar/", calendars.school_calendar, name="school-calendar"),
    path("sites/<uuid:id>/change/", places.site_change, name="site-change"),
    path("sites/<uuid:id>/buildings/add/", places.building_add, name="building-add"),
    path("buildings/<uuid:id>/change/", places.building_change, name="building-change"),
    path("buildings/<uuid:id>/spaces/", places.spaces, name="spaces"),
    path("spaces/<uuid:id>/change/", places.space_change, name="space-change"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/<uuid:id>/", imports.import_page, name="import"),
    path("imports/<uuid:id>/apply/", imports.import_apply, name="import-apply"),
    path("imports/<uuid:id>/undo/", imports.import_undo, name="import-undo"),
    path("imports/<uuid:id>/again/", imports.import_again, name="import-again"),
    path("imports/<uuid:id>/drop/", imports.import_drop, name="import-drop"),
    path("imports/<uuid:id>/corrections.csv", imports.import_corrections, {"ending": "csv"}, name="import-corrections-csv"),
    path("imports/<uuid:id>/corrections.xlsx", imports.import_corrections, {"ending": "xlsx"}, name="import-corrections-xlsx"),
    path("imports/<slug:kind>/", imports.import_new, name="import-new"),
    path("imports/<slug:kind>/template.csv", imports.import_template, {"ending": "csv"}, name="import-template-csv"),
    path("imports/<slug:kind>/template.xlsx", imports.import_template, {"ending": "xlsx"}, name="import-template-xlsx"),
]
