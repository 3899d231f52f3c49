"""The shapes of a site's documents, for the OpenAPI document."""

from typing import Any

from rest_framework import serializers as s

from backend.sync.api.shapes import SiteRefShape

Shape = s.Serializer[Any]


class CompetenceNeededShape(Shape):
    """Who may do a check."""

    level = s.CharField()
    detail = s.CharField()


class FormShape(Shape):
    """A check in one revision."""

    code = s.CharField()
    revision = s.IntegerField()
    current = s.BooleanField()
    title = s.CharField()
    discipline = s.CharField()
    verified = s.BooleanField()
    minutes = s.IntegerField(allow_null=True)
    standing = s.CharField()
    law = s.ListField(child=s.CharField())
    on = s.ChoiceField(["asset", "building", "site"])
    asset_types = s.ListField(child=s.CharField())
    also_covers = s.ListField(child=s.CharField())
    event = s.CharField(allow_null=True)
    competence = CompetenceNeededShape()
    evidence = s.ListField(child=s.CharField())
    questions = s.ListField(child=s.DictField(), help_text="As the statutory library publishes them.")


class KindFactShape(Shape):
    """Something asked of a kind of asset. `most` of a text is how many letters it may have."""

    key = s.CharField()
    label = s.CharField()  # type: ignore[assignment]  # every field of the library has a `label` of its own
    type = s.ChoiceField(["number", "boolean", "choice", "choices", "text", "date"])
    unit = s.CharField(required=False)
    options = s.ListField(child=s.CharField(), required=False)
    words = s.ListField(child=s.CharField(), required=False, help_text="The options as they are shown, in their order.")
    least = s.FloatField(required=False)
    most = s.FloatField(required=False)


class KindShape(Shape):
    """A kind of asset, and what is asked of it."""

    key = s.CharField()
    name = s.CharField()
    discipline = s.CharField()
    facts = KindFactShape(many=True)


class TitleShape(Shape):
    """A discipline."""

    key = s.CharField()
    title = s.CharField()


class ReasonShape(Shape):
    """Why a check could not be done."""

    key = s.CharField()
    words = s.CharField()


class FormsShape(Shape):
    """The forms of a site."""

    protocol = s.IntegerField()
    site = s.UUIDField()
    checks = FormShape(many=True)
    asset_types = KindShape(many=True)
    disciplines = TitleShape(many=True)
    not_done_reasons = ReasonShape(many=True)


class FieldBuildingShape(Shape):
    """A building, with the warning of the place."""

    id = s.UUIDField()
    name = s.CharField()
    warning = s.CharField()


class FieldSpaceShape(Shape):
    """A space, with the warning of the place."""

    id = s.UUIDField()
    building = s.UUIDField()
    name = s.CharField()
    floor = s.CharField()
    warning = s.CharField()


class FieldAssetShape(Shape):
    """An asset."""

    id = s.UUIDField()
    name = s.CharField()
    type = s.CharField()
    status = s.CharField()
    status_reason = s.CharField()
    building = s.UUIDField(allow_null=True)
    space = s.UUIDField(allow_null=True)
    parent = s.UUIDField(allow_null=True)  # type: ignore[assignment]
    make = s.CharField()
    model = s.CharField()
    serial = s.CharField()
    facts = s.DictField()


class FieldTagShape(Shape):
    """A tag, and the asset that it is on; or the building, and the space in it, whose label it is."""

    code = s.CharField()
    asset = s.UUIDField(allow_null=True)
    building = s.UUIDField(required=False)
    space = s.UUIDField(required=False, allow_null=True)


class FieldOldTagShape(Shape):
    """A tag that was taken out of use, and the code of the one that came in its place."""

    code = s.CharField()
    by = s.CharField(allow_null=True)


class HeldCompetenceShape(Shape):
    """A competence that somebody holds."""

    name = s.CharField()
    covers = s.ListField(child=s.CharField())
    expires_on = s.DateField(allow_null=True)


class ColleagueShape(Shape):
    """Somebody who works at the site."""

    id = s.UUIDField()
    name = s.CharField()
    competences = HeldCompetenceShape(many=True)


class RegisterShape(Shape):
    """The register of a site."""

    protocol = s.IntegerField()
    site = SiteRefShape()
    buildings = FieldBuildingShape(many=True)
    spaces = FieldSpaceShape(many=True)
    assets = FieldAssetShape(many=True)
    tags = FieldTagShape(many=True)
    old_tags = FieldOldTagShape(many=True)
    people = ColleagueShape(many=True)


class FieldWindowShape(Shape):
    """When work counts for one date."""

    counts_from = s.DateField()
    due_on = s.DateField()
    overdue_from = s.DateField()
    closes_on = s.DateField(allow_null=True)


class LastDoneShape(Shape):
    """The last record of a plan."""

    on = s.DateField()
    outcome = s.CharField()
    by = s.CharField()


class FieldPlanShape(Shape):
    """A plan with its dates."""

    id = s.UUIDField()
    check = s.CharField()
    revision = s.IntegerField()
    asset = s.UUIDField(allow_null=True)
    building = s.UUIDField(allow_null=True)
    due_on = s.DateField(allow_null=True)
    overdue_from = s.DateField(allow_null=True)
    soon_from = s.DateField(allow_null=True)
    pauses = s.ListField(child=s.ListField(child=s.DateField(allow_null=True)))
    last = LastDoneShape(allow_null=True)
    last_answers = s.DictField(child=s.FloatField())
    trend = s.DictField(child=s.ListField(child=s.ListField()), required=False)
    minutes = s.IntegerField(required=False)
    suggest = s.DictField(child=s.UUIDField())
    weight = s.IntegerField()
    sentence = s.CharField()
    windows = FieldWindowShape(many=True)


class FieldRoundShape(Shape):
    """An ordered walk of checks. `often` is day, week, month, term or year; `days` are weekdays, Monday is 1."""

    id = s.UUIDField()
    name = s.CharField()
    often = s.CharField()
    days = s.ListField(child=s.IntegerField())
    person = s.UUIDField(allow_null=True)
    plans = s.ListField(child=s.UUIDField())


class OpenDefectShape(Shape):
    """An open problem."""

    id = s.UUIDField()
    asset = s.UUIDField(allow_null=True)
    building = s.UUIDField(allow_null=True)
    space = s.UUIDField(allow_null=True)
    summary = s.CharField()
    severity = s.ChoiceField(["low", "medium", "high"])
    unsafe = s.BooleanField()
    found_on = s.DateField()
    do_not_use_from = s.DateField(allow_null=True)
    made_safe = s.CharField(help_text="What was done to make it safe for now.")
    photos = s.ListField(child=s.CharField(), help_text="SHA-256 of the pictures that it came with, at most six.")


class OpenWorkOrderShape(Shape):
    """An open work order."""

    id = s.UUIDField()
    defect = s.UUIDField()
    title = s.CharField()
    assigned_to = s.UUIDField(allow_null=True)
    target_on = s.DateField(allow_null=True)
    asset = s.UUIDField(allow_null=True)
    building = s.UUIDField(allow_null=True)
    space = s.UUIDField(allow_null=True)
    problem = s.CharField()
    priority = s.CharField()
    instructions = s.CharField()
    proof = s.CharField(help_text="What must be shown when it is done: words, photo or certificate.")
    begun = s.BooleanField()
    sent_back = s.CharField(help_text="What was not right when it was last said to be done.")
    whose = s.CharField(help_text="The name of a person or a firm.")


class LatestReadingShape(Shape):
    """The latest reading of an asset."""

    asset = s.UUIDField()
    value = s.CharField()
    unit = s.CharField()
    taken_at = s.DateTimeField()


class DueShape(Shape):
    """What is owed at a site."""

    protocol = s.IntegerField()
    site = s.UUIDField()
    as_of = s.DateField()
    plans = FieldPlanShape(many=True)
    rounds = FieldRoundShape(many=True)
    defects = OpenDefectShape(many=True)
    work_orders = OpenWorkOrderShape(many=True)
    readings = LatestReadingShape(many=True)
