from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("reception", "0005_what_things_cost")]

    operations = [
        migrations.AddIndex(
            model_name="orderline",
            index=models.Index(
                F("order"),
                condition=Q(kind__in=("part", "accessory", "sublet"), unit_cost=None),
                name="line_without_cost",
            ),
        ),
    ]
