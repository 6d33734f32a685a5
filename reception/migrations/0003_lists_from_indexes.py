from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_initial"),
        ("reception", "0002_reversals_are_asked_for"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="repairorder",
            index=models.Index(fields=["store", "-arrived_at", "-id"], name="order_by_arrival"),
        ),
        migrations.AddIndex(
            model_name="repairorder",
            index=models.Index(
                condition=models.Q(("state", "draft")), fields=["store", "arrived_at"], name="order_draft"
            ),
        ),
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(
                models.F("reversal_requested_at"),
                condition=models.Q(("reversal_requested_at__isnull", False), ("reversed_at", None)),
                name="settlement_to_reverse",
            ),
        ),
    ]
