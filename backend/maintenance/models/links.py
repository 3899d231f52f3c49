"""Links for one purpose, for firms without an account."""

from django.db import models

from backend.core.ids import new_id
from backend.maintenance.models.contractors import Contractor
from backend.trust.models import Person


class OnePurposeLink(models.Model):
    """Lets whoever holds it do one thing with one row (`purpose`, `about`) until a day. Only the link's hash is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=30)
    about = models.UUIDField()
    details = models.JSONField(
        "what else the purpose needs to know", default=dict, db_default=models.Value({}, models.JSONField())
    )
    hash = models.CharField(max_length=64, unique=True)
    contractor = models.ForeignKey(Contractor, null=True, blank=True, on_delete=models.PROTECT, related_name="links")
    sent_to = models.EmailField(blank=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "id"]
        indexes = [models.Index(fields=["purpose", "about"], name="link_of_a_row")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.about}"
