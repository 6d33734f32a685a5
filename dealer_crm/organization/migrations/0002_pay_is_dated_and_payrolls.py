from django.db import migrations


class Migration(migrations.Migration):
    """What people are paid holds from a day and stands with pay (`commission.PayItem`), not on the person."""

    dependencies = [("organization", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="staff", name="base_pay_amount"),
        migrations.RemoveField(model_name="staff", name="certification_level"),
        migrations.RemoveField(model_name="staff", name="position_pay_amount"),
        migrations.RemoveField(model_name="staff", name="skill_pay_amount"),
    ]
