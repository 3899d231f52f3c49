"""How dates, ages and statuses are written, everywhere: the words of DESIGN.md."""

from django import template

register = template.Library()
