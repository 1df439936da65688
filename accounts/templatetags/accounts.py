"""How a join code is written."""

from django import template

register = template.Library()


@register.filter
def grouped(code: str) -> str:
    """``K7MQ-4PXD``: groups of four are easier to read and to type."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
