import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reception", "0012_personal_data_is_erased")]

    operations = [
        migrations.AddField(
            model_name="addonline",
            name="agreement_item",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="reception.agreementitem", verbose_name="item of the service agreement",
            ),
        ),
        migrations.AddField(
            model_name="addonline",
            name="price_basis",
            field=models.CharField(
                blank=True,
                choices=[("agreement", "By the service agreement"), ("membership", "By the membership")],
                max_length=10,
                verbose_name="price given by",
            ),
        ),
    ]  # fmt: skip
