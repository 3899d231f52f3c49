"""Evidence packs: what was asked for, how far it has come, and the sealed pack that came of it."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from backend.core.ids import new_id
from backend.core.models import append_only, never_emptied
from backend.trust import permits
from backend.trust.models import Building, Person, Site
from backend.trust.scope import Appointed, SitedQuerySet


class EvidencePackQuerySet(SitedQuerySet["EvidencePack"]):
    """Packs, whose rows: of those who may make packs for the site."""

    def visible_to(self, person: Appointed, permit: str = permits.PROOF_MAKE) -> Self:
        """Those of sites where packs may be made."""
        return super().visible_to(person, permit)


class PackRequestQuerySet(SitedQuerySet["PackRequest"]):
    """Requests for packs, whose rows."""

    def visible_to(self, person: Appointed, permit: str = permits.PROOF_MAKE) -> Self:
        """Those of sites where packs may be made."""
        return super().visible_to(person, permit)


class Chosen(models.Model):
    """What a pack is to show: a site or one of its buildings, which disciplines, from which day to which, for whom."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey(Building, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    disciplines = models.JSONField("disciplines, by their keys", default=list)
    first_day = models.DateField()
    last_day = models.DateField()
    recipient = models.CharField("for whom, by its key", max_length=20)
    addressee = models.CharField("for whom, by name", max_length=160, blank=True)
    photos = models.BooleanField("photos are in it", default=True)

    class Meta:
        abstract = True


class EvidencePack(Chosen):
    """A pack as it was made: what was chosen, what was counted, the chain's head of that moment, and the hash of the file.

    The ZIP lies under its SHA-256 until `kept_until`; this row stays. Made again, it is the next version and says why.
    `rows_root` is the one hash over every row in it, which the PDF prints.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="next")
    reason = models.CharField("why it was made again", max_length=500, blank=True)
    counts = models.JSONField("how many of what are in it")
    answer = models.CharField("how it stood, in a sentence", max_length=500)
    head_number = models.BigIntegerField("the audit chain's newest entry then")
    head_hash = models.CharField(max_length=64)
    rows_root = models.CharField("the hash over every row", max_length=64)
    sha256 = models.CharField("of the ZIP", max_length=64)
    size = models.BigIntegerField()
    pdf_sha256 = models.CharField("of the PDF in it", max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kept_until = models.DateField("last day on which its file is kept")

    objects = EvidencePackQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "id"]
        triggers = [append_only("evidence_pack_append_only"), never_emptied("evidence_pack_never_emptied")]
        indexes = [models.Index(fields=["site", "-made_at"], name="pack_list")]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="a_pack_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(version=1, supersedes=None) | Q(version__gt=1, supersedes__isnull=False) & ~Q(reason=""),
                name="a_pack_made_again_says_why",
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="no_pack_supersedes_itself"),
        ]

    def __str__(self) -> str:
        return f"Evidence pack {self.reference}, version {self.version}"

    @property
    def reference(self) -> str:
        """What people call it by: the last eight letters and figures of its id."""
        return self.id.hex[-8:].upper()


class PackRequest(Chosen):
    """A pack that somebody asked for, while it is made by a worker; afterwards the way to it, or why it was not made."""

    class State(models.TextChoices):
        ASKED = "asked", "Waiting to be made"
        MAKING = "making", "Being made"
        MADE = "made", "Made"
        FAILED = "failed", "Not made"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    again = models.ForeignKey(EvidencePack, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("why it is made again", max_length=500, blank=True)
    told = models.CharField("how far it has come, in words", max_length=200, blank=True)
    done = models.PositiveSmallIntegerField("per cent", default=0)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    touched_at = models.DateTimeField()
    pack = models.OneToOneField(EvidencePack, null=True, blank=True, on_delete=models.PROTECT, related_name="request")
    seen_at = models.DateTimeField("whoever asked has seen it", null=True, blank=True)

    objects = PackRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index(fields=["asked_by"], condition=Q(seen_at=None), name="pack_request_unseen"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}: pack asked for on {self.asked_at:%Y-%m-%d}"

    @property
    def waits(self) -> bool:
        """Whether it is still to come."""
        return self.state in (self.State.ASKED, self.State.MAKING)
