from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0013_add_ons_at_agreed_prices"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="settlement",
            index=models.Index(
                condition=models.Q(("reversed_at__isnull", False)), fields=["reversed_at"], name="settlement_reversed"
            ),
        ),
    ]
