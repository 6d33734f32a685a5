from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0002_passwords_made_by_others"),
    ]

    operations = [
        migrations.AddField(
            model_name="store",
            name="bank_account",
            field=models.CharField(blank=True, max_length=40, verbose_name="bank account"),
        ),
        migrations.AddField(
            model_name="store",
            name="bank_name",
            field=models.CharField(blank=True, max_length=80, verbose_name="bank"),
        ),
        migrations.AddField(
            model_name="store",
            name="credit_code",
            field=models.CharField(blank=True, max_length=18, verbose_name="unified social credit code"),
        ),
        migrations.AddField(
            model_name="store",
            name="legal_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="registered name"),
        ),
        migrations.AddField(
            model_name="store",
            name="repair_licence",
            field=models.CharField(blank=True, max_length=40, verbose_name="repair business filing number"),
        ),
    ]
