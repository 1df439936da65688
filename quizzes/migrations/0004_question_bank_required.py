"""Every question has a bank now, so the course it belonged to can go."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quizzes", "0003_course_banks")]

    operations = [
        migrations.RemoveField(model_name="question", name="course"),
        migrations.AlterField(
            model_name="question",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="questions", to="quizzes.bank"
            ),
        ),
        migrations.AlterField(
            model_name="question", name="type", field=models.CharField(max_length=20)
        ),
        migrations.AlterField(
            model_name="slotmark", name="earned", field=models.DecimalField(decimal_places=5, max_digits=6)
        ),
    ]
