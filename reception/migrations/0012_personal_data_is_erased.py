from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0011_accident_cars_by_arrival")]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="personal data erased"),
        ),
    ]
