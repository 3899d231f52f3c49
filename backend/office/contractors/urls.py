"""The addresses of: contractors, certificates and the document register."""

from django.urls import URLPattern, path

from backend.office.contractors import certificates, document_acts, documents, filing, firms, handed_in, people, visits
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("contractors/", firms.firm_list, name="contractors"),
    *downloads("contractors", firms.firm_csv),
    path("contractors/add/", firms.firm_add, name="contractor-add"),
    path("contractors/visits/", visits.visit_list, name="contractor-visits"),
    *downloads("contractors/visits", visits.visit_csv, "contractor-visits"),
    path("contractors/visits/add/", visits.visit_add, name="contractor-visit-add"),
    path("contractors/visits/<uuid:id>/", visits.visit_page, name="contractor-visit"),
    path("contractors/handed-in/", handed_in.upload_list, name="handed-in"),
    path("contractors/handed-in/<uuid:id>/", handed_in.upload_page, name="handed-in-one"),
    path("contractors/handed-in/<uuid:id>/file/", handed_in.upload_file, name="handed-in-file"),
    path("contractors/handed-in/<uuid:id>/refuse/", handed_in.upload_refuse, name="handed-in-refuse"),
    path("contractors/requests/<uuid:id>/stop/", firms.ask_stop, name="contractor-ask-stop"),
    path("contractors/papers/<uuid:id>/file/", firms.paper_file, name="contractor-paper-file"),
    path("contractors/papers/<uuid:id>/withdraw/", firms.paper_withdraw, name="contractor-paper-withdraw"),
    path("contractors/people/<uuid:id>/dbs/", people.person_dbs, name="contractor-person-dbs"),
    path("contractors/people/<uuid:id>/induct/", people.person_induct, name="contractor-person-induct"),
    path("contractors/people/<uuid:id>/left/", people.person_left, name="contractor-person-left"),
    path("contractors/<uuid:id>/", firms.firm_page, name="contractor"),
    path("contractors/<uuid:id>/change/", firms.firm_change, name="contractor-change"),
    path("contractors/<uuid:id>/contacts/", firms.contacts, name="contractor-contacts"),
    path("contractors/<uuid:id>/papers/add/", firms.paper_add, name="contractor-paper-add"),
    path("contractors/<uuid:id>/people/add/", people.person_add, name="contractor-person-add"),
    path("contractors/<uuid:id>/ask/", firms.ask, name="contractor-ask"),
    path("hand-in/<str:text>/", handed_in.hand_in_page, name="hand-in"),
    path("certificates/", certificates.certificate_list, name="certificates"),
    *downloads("certificates", certificates.certificate_csv),
    path("certificates/file/", filing.file_page, name="certificate-file-one"),
    path("certificates/remedial/<uuid:id>/", filing.remedial_page, name="certificate-remedial"),
    path("certificates/<uuid:id>/", certificates.certificate_page, name="certificate"),
    path("certificates/<uuid:id>/withdraw/", filing.withdraw_page, name="certificate-withdraw"),
    path("certificates/<uuid:id>/file/", certificates.certificate_file, name="certificate-file"),
    path("documents/", documents.board, name="documents"),
    path("documents/list/", documents.need_list, name="documents-list"),
    *downloads("documents", documents.need_csv),
    path("documents/add/", document_acts.document_add, name="document-add"),
    path("documents/not-needed/", document_acts.not_needed_add, name="document-not-needed-add"),
    path("documents/not-needed/<uuid:id>/", document_acts.not_needed_page, name="document-not-needed"),
    path("documents/<uuid:id>/", documents.document_page, name="document"),
    path("documents/<uuid:id>/file/", documents.document_file, name="document-file"),
]
