"""Certificates and documents: list, one, file one. The file itself is sent first, to /api/v1/field/files."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backend.assets.models import Asset
from backend.checks.actions import Covered, NewCertificate, Remedial, file_certificate
from backend.checks.actions.documents import add_document
from backend.checks.models import Certificate, CertificateRemedial, Document, Plan
from backend.core.api.asking import Day, Filters, words
from backend.core.api.bodies import Body, DayField, LineField, TextField
from backend.core.api.resources import ScopedViewSet
from backend.core.models import StoredFile
from backend.core.problems import Problem
from backend.maintenance.models import Contractor
from backend.trust.named import named, named_place, nowhere
from backend.trust.tokens import asker

SHA256 = r"^[0-9a-f]{64}\Z"


class RemedialRow(serializers.ModelSerializer[CertificateRemedial]):
    """A coded line of a certificate, with the problem that it raised."""

    class Meta:
        model = CertificateRemedial
        fields = ["scheme", "code", "summary", "deadline_on", "defect"]
        read_only_fields = fields


class CertificateRow(serializers.ModelSerializer[Certificate]):
    """A certificate in a list."""

    site_name = serializers.CharField(source="site.name")

    class Meta:
        model = Certificate
        fields = [
            "id", "filing", "kind", "site", "site_name", "check_type", "defect", "contractor", "firm", "engineer", "number",
            "examined_on", "stated_next", "result", "sha256", "content_type", "size", "filed_at", "supersedes",
        ]  # fmt: skip
        read_only_fields = fields


class CertificateAlone(CertificateRow):
    """One certificate with the records that it made and what it asked for."""

    records = serializers.SerializerMethodField()
    remedials = RemedialRow(many=True)

    class Meta(CertificateRow.Meta):
        fields = [*CertificateRow.Meta.fields, "records", "remedials"]
        read_only_fields = fields

    def get_records(self, row: Certificate) -> list[str]:
        """The ids of the records."""
        return [str(each.record_id) for each in row.items.all()]


class CoveredBody(Body):
    """One planned check that the report covers."""

    plan = serializers.UUIDField()
    result = serializers.ChoiceField([("", "The report's"), *Certificate.Result.choices], default="")
    failing = LineField(max_length=500, default="", allow_blank=True)


class RemedialBody(Body):
    """A coded line of the report."""

    scheme = LineField(max_length=40)
    code = LineField(max_length=20)
    summary = LineField(max_length=500)
    plan = serializers.UUIDField(required=False, allow_null=True)
    deadline_on = DayField(required=False, allow_null=True)
    location = LineField(max_length=200, default="", allow_blank=True)


class CertificateBody(Body):
    """A report to be filed. `sha256` names a file that the same person has sent already."""

    sha256 = serializers.RegexField(SHA256)
    covers = serializers.ListField(child=CoveredBody(), min_length=1, max_length=2000)
    engineer = LineField(max_length=120)
    examined_on = DayField()
    result = serializers.ChoiceField(Certificate.Result.choices)
    contractor = serializers.UUIDField(required=False, allow_null=True)
    firm = LineField(max_length=160, default="", allow_blank=True)
    number = LineField(max_length=80, default="", allow_blank=True)
    stated_next = DayField(required=False, allow_null=True)
    remedials = serializers.ListField(child=RemedialBody(), default=list, max_length=200)
    answers = serializers.DictField(default=dict, help_text="Answers to the check's own questions, by their keys.")
    note = TextField(max_length=1000, default="")
    date_meant = serializers.BooleanField(
        default=False, help_text="That the report does state a next date more than a quarter of a year beyond the usual one."
    )


class CertificateFilters(Filters):
    """Certificates by place, firm, check and day."""

    site = django_filters.UUIDFilter("site_id")
    school = django_filters.UUIDFilter("site__school_id")
    contractor = django_filters.UUIDFilter("contractor_id")
    check_type = django_filters.CharFilter("check_type_id")
    result = words(Certificate.Result.choices)
    since = Day("examined_on", lookup_expr="gte", help_text="Examined on or after this day.")


class Certificates(ScopedViewSet):
    """Certificates and reports by firms."""

    rows = Certificate.objects.select_related("site").order_by("-examined_on", "id")
    called = "That certificate"
    serializer_class = CertificateRow
    detail_class = CertificateAlone
    filterset_class = CertificateFilters

    @extend_schema(request=CertificateBody, responses={201: CertificateRow(many=True)})
    def create(self, request: Request) -> Response:
        """File a report: records, remedials, dates and a certificate for each site, all or nothing."""
        person, sent = asker(request), self.body(CertificateBody)
        ids = {each["plan"] for each in sent["covers"]}
        rows = Plan.objects.visible_to(person).filter(pk__in=ids).select_related("site__school", "check_type__current", "asset")
        plans = {plan.pk: plan for plan in rows}
        if missing := ids - plans.keys():
            raise Problem("unknown", "A check named is not known.", fields={"covers": f"There is no plan {min(missing)}."})
        covers = [Covered(plans[each["plan"]], each["result"], each["failing"]) for each in sent["covers"]]
        lines = [Remedial(**{**each, "plan": plans.get(each.get("plan"))}) for each in sent["remedials"]]
        named = sent.get("contractor")
        firm = Contractor.objects.visible_to(person).filter(pk=named).first() if named else None
        if named and firm is None:
            raise nowhere(Contractor, "contractor")
        plain = {name: sent[name] for name in ("engineer", "examined_on", "result", "firm", "number", "note", "date_meant")}
        new = NewCertificate(
            check=covers[0].plan.check_type, covers=covers, file=file_named(sent), contractor=firm,
            stated_next=sent.get("stated_next"), remedials=lines, more=sent["answers"], **plain,
        )  # fmt: skip
        made = file_certificate(person=person, new=new)
        return Response(CertificateRow(made, many=True).data, status=201)


def file_named(sent: dict[str, Any]) -> StoredFile:
    """The file that a body names. Raises Problem when the server does not hold it."""
    file = StoredFile.objects.filter(pk=sent["sha256"]).first()
    if file is None:
        raise Problem("file_missing", "Send the file first.", fields={"sha256": "This file is not held yet."})
    return file


class DocumentRow(serializers.ModelSerializer[Document]):
    """A version of a document."""

    class Meta:
        model = Document
        fields = [
            "id", "kind", "site", "building", "asset", "title", "version", "issued_on", "valid_until", "sha256", "content_type",
            "size", "note", "added_at", "supersedes",
        ]  # fmt: skip
        read_only_fields = fields


class DocumentBody(Body):
    """A document to be added; without a site it is the trust's. `sha256` names a file that the same person has sent already."""

    kind = LineField(max_length=60)
    sha256 = serializers.RegexField(SHA256)
    issued_on = DayField()
    valid_until = DayField(required=False, allow_null=True)
    site = serializers.UUIDField(required=False, allow_null=True)
    building = serializers.UUIDField(required=False, allow_null=True)
    asset = serializers.UUIDField(required=False, allow_null=True)
    title = LineField(max_length=200, default="", allow_blank=True)
    note = TextField(max_length=1000, default="")


class DocumentFilters(Filters):
    """Documents by place and kind."""

    site = django_filters.UUIDFilter("site_id")
    kind = django_filters.CharFilter()


class Documents(ScopedViewSet):
    """The register of documents, every version of each."""

    rows = Document.objects.order_by("kind", "-version", "id")
    called = "That document"
    serializer_class = DocumentRow
    filterset_class = DocumentFilters

    @extend_schema(request=DocumentBody, responses={201: DocumentRow})
    def create(self, request: Request) -> Response:
        """Add a document, or the next version of one."""
        person, sent = asker(request), self.body(DocumentBody)
        about = named_place({name: sent[name] for name in ("site", "building") if sent.get(name)}, person)
        asset = named(Asset.objects.select_related("building"), person, "asset", sent["asset"]) if sent.get("asset") else None
        row = add_document(
            person=person, kind=sent["kind"], file=file_named(sent), issued_on=sent["issued_on"],
            valid_until=sent.get("valid_until"), site=about.get("site"), building=about.get("building"), asset=asset,
            title=sent["title"], note=sent["note"],
        )  # fmt: skip
        return Response(self.shown_alone(row), status=201)
