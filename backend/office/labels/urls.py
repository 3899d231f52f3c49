"""The addresses of labels, and of the page that a room's label opens."""

from django.urls import URLPattern, path

from backend.office.labels import choosing, printed, printer, spaces, tags

urlpatterns: list[URLPattern] = [
    path("labels/", choosing.labels, name="labels"),
    path("labels/places/", choosing.place_labels, name="labels-places"),
    path("labels/roll/", printed.roll, name="labels-roll"),
    path("labels/printed/", printed.printed_list, name="labels-printed"),
    path("labels/printed/<uuid:id>/", printed.run_page, name="labels-run"),
    path("labels/printer/", printer.printer, name="labels-printer"),
    path("labels/printer/test-page.pdf", printer.test_page, name="labels-test-page"),
    path("labels/sheets/", printer.sheets, name="labels-sheets"),
    path("labels/sheets/<uuid:id>/remove/", printer.remove_sheet, name="labels-sheet-remove"),
    path("labels/tags/<str:code>/", tags.tag_page, name="labels-tag"),
    path("labels/tags/<str:code>/replace/", tags.replace, name="labels-tag-replace"),
    path("labels/tags/<str:code>/retire/", tags.retire, name="labels-tag-retire"),
    path("spaces/<uuid:id>/", spaces.space_page, name="space"),
]
