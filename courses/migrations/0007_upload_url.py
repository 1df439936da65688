from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0006_edition_languages")]

    operations = [
        migrations.AddField(model_name="upload", name="url", field=models.CharField(blank=True, max_length=400)),
    ]
