"""The addresses of: proof: evidence packs, log books, the estate as of a past day."""

from django.urls import URLPattern, path

from backend.office.proof import book_pages, outside, pages
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("proof/", pages.packs, name="proof"),
    *downloads("proof", pages.pack_csv),
    path("proof/new/", pages.new_pack, name="proof-new"),
    path("proof/books/", book_pages.book, name="proof-book"),
    path("proof/books.pdf", book_pages.book_pdf, name="proof-book-pdf"),
    path("proof/<uuid:id>/", pages.pack_page, name="proof-pack"),
    path("proof/<uuid:id>.zip", pages.pack_zip, name="proof-pack-zip"),
    path("proof/<uuid:id>.pdf", pages.pack_pdf, name="proof-pack-pdf"),
    path("proof/<uuid:id>/again/", pages.make_again, name="proof-pack-again"),
    path("proof/<uuid:id>/share/", pages.share, name="proof-pack-share"),
    path("proof/<uuid:id>/links/<uuid:link>/end/", pages.unshare, name="proof-pack-unshare"),
    path("proof/open/<str:text>/", outside.shared, name="proof-shared"),
    path("proof/open/<str:text>/pack.zip", outside.shared_zip, name="proof-shared-zip"),
    path("proof/open/<str:text>/pack.pdf", outside.shared_pdf, name="proof-shared-pdf"),
]
