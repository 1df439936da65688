from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_upload_url")]

    operations = [
        migrations.AddField(
            model_name="lessontext", name="archived_at", field=models.DateTimeField(blank=True, null=True)
        ),
    ]
