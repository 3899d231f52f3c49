"""How somebody prints labels: their own paper, and how far their printer is off."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from backend.core.ids import new_id
from backend.trust.models import Person


def length(words: str, most: int, least: int = 0, **more: object) -> models.DecimalField[Decimal, Decimal]:
    """A column for a length in millimetres, with two places."""
    checks = [MinValueValidator(Decimal(least)), MaxValueValidator(Decimal(most))]
    return models.DecimalField(words, max_digits=5, decimal_places=2, validators=checks, **more)  # type: ignore[arg-type]


class LabelStock(models.Model):
    """A sheet or roll of labels that somebody measured, in millimetres. Only they see it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("what you call it", max_length=60)
    page_width = length("width of the page", 330, 20, default=Decimal(210))
    page_height = length("height of the page", 500, 20, default=Decimal(297))
    label_width = length("width of a label", 330, 20)
    label_height = length("height of a label", 500, 20)
    across = models.PositiveSmallIntegerField("labels across", validators=[MinValueValidator(1), MaxValueValidator(20)])
    down = models.PositiveSmallIntegerField("labels down", validators=[MinValueValidator(1), MaxValueValidator(40)])
    left = length("from the left edge to the first label", 200)
    top = length("from the top edge to the first label", 200)
    column_gap = length("between columns", 100, default=Decimal(0))
    row_gap = length("between rows", 100, default=Decimal(0))

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "label sheet"
        constraints = [models.UniqueConstraint(fields=["person", "name"], name="label_stock_named_once")]

    def __str__(self) -> str:
        return self.name


class PrintingHabit(models.Model):
    """How somebody printed last: how far to move everything so that it lands right (millimetres), on what, with what on it."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="+")
    move_right = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(0))
    move_down = models.DecimalField(max_digits=4, decimal_places=1, default=Decimal(0))
    stock = models.CharField(max_length=60, blank=True)
    says = models.JSONField("what stands on a label", default=list, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.moved_words

    @property
    def moved_words(self) -> str:
        """How far and which way everything is moved: "2.5 mm left and 1.0 mm down"."""
        across = f"{abs(self.move_right)} mm {'right' if self.move_right > 0 else 'left'}" if self.move_right else ""
        along = f"{abs(self.move_down)} mm {'down' if self.move_down > 0 else 'up'}" if self.move_down else ""
        return " and ".join(each for each in (across, along) if each) or "nowhere"
