"""What is known of the backups that were made."""

from django.db import models


class BackupRun(models.Model):
    """One attempt at a backup: that it failed is worth as much as that it worked. Not evidence: old ones may be forgotten.

    `file` is its name in the backups' folder or bucket (or a path, when a person named one); `size` in bytes; `says` in words
    what went wrong or was already wrong. `verified_at` is when it was last proved by a restore, `sound` what came out.
    """

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    file = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    scheduled = models.BooleanField(default=False)
    ok = models.BooleanField()
    says = models.TextField(blank=True)
    verified_at = models.DateTimeField(null=True)
    sound = models.BooleanField(null=True)

    class Meta:
        app_label = "siteward_config"

    def __str__(self) -> str:
        return f"{self.file} {self.at:%Y-%m-%d %H:%M}"
