"""Form fields in the dress of the design: ``{% include "includes/field.html" with field=form.name %}``."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()

CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "textarea"),
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "select"),
)


@register.filter
def dressed(field: BoundField) -> SafeString:
    """The field's control with the class of its kind, kept beside classes of its own."""
    widget = field.field.widget
    kind = next((name for kind, name in CLASSES if isinstance(widget, kind)), "input")
    classes = " ".join(part for part in (kind, widget.attrs.get("class", "")) if part)
    return field.as_widget(attrs={"class": classes} if classes else None)


@register.filter
def shape(field: BoundField) -> str:
    """``check`` for one tick box, ``group`` for several or for radio buttons, else ``field``."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxSelectMultiple | forms.RadioSelect):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "field"
