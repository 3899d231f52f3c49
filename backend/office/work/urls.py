"""The addresses of: problems and the work on them: triage, work orders, accepted risks, reports from anybody."""

from django.urls import URLPattern, path

from backend.office.views.csv_out import downloads
from backend.office.work import deeds, orders, outside, reporting, triage
from backend.office.work.doing import view_of

urlpatterns: list[URLPattern] = [
    path("problems/triage/", triage.triage_page, name="triage"),
    path("problems/report/", reporting.report_page, name="problem-report"),
    path("problems/triage/reports/<uuid:id>/", triage.report_page, name="fault-report"),
    path("problems/triage/reports/<uuid:id>/accept/", triage.accept, name="fault-report-accept"),
    path("problems/triage/reports/<uuid:id>/join/", triage.join, name="fault-report-join"),
    path("problems/triage/reports/<uuid:id>/refuse/", triage.refuse, name="fault-report-refuse"),
    *(path(f"problems/<uuid:id>/{key}/", view_of(deeds.act, key), name=f"problem-{key}") for key in deeds.DEEDS),
    path("work-orders/", orders.order_list, name="work-orders"),
    *downloads("work-orders", orders.order_csv),
    path("work-orders/<uuid:id>/", orders.order_page, name="work-order"),
    *(path(f"work-orders/<uuid:id>/{key}/", view_of(orders.act, key), name=f"work-order-{key}") for key in orders.DEEDS),
    path("work/<str:text>/", outside.firm_page, name="firm-work"),
    path("report/<str:code>/", outside.report_fault, name="report-fault"),
    path("reported/", outside.reported, name="reported"),
    path("reported/<str:reference>/", outside.reported, name="reported-as"),
    path("my-reports/", outside.my_reports, name="my-reports"),
    path("my-reports/<uuid:id>/", outside.my_report, name="my-report"),
]
