"""An edition says which languages it is there in; before, lists had to ask its course, whose draft may be ahead of it."""

from itertools import groupby
from typing import Any

from django.db import migrations, models

BATCH = 500


def read_from_texts(apps: Any, schema_editor: Any) -> None:
    """The first language was written first."""
    edition_model, text_model = apps.get_model("courses", "Edition"), apps.get_model("courses", "EditionText")
    texts = text_model.objects.order_by("edition_id", "pk").values_list("edition_id", "language")
    waiting = []
    for edition, rows in groupby(texts.iterator(), key=lambda row: row[0]):
        waiting.append(edition_model(pk=edition, languages=[language for _edition, language in rows]))
        if len(waiting) == BATCH:
            edition_model.objects.bulk_update(waiting, ["languages"])
            waiting = []
    edition_model.objects.bulk_update(waiting, ["languages"])


class Migration(migrations.Migration):
    dependencies = [("courses", "0005_hints_left")]

    operations = [
        migrations.AddField(model_name="edition", name="languages", field=models.JSONField(default=list)),
        migrations.RunPython(read_from_texts, migrations.RunPython.noop),
    ]
