"""Kinds of asset, from the statutory library."""

from django.db import models


class AssetType(models.Model):
    """A kind of asset, from the statutory library ("fire-alarm-panel")."""

    key = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=120)
    discipline = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
