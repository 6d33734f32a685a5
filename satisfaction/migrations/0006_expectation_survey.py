from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("satisfaction", "0005_sections_and_wordings")]

    operations = [
        migrations.AlterField(
            model_name="questionnaire",
            name="kind",
            field=models.CharField(
                choices=[
                    ("service_csi", "Service CSI"),
                    ("sales_ssi", "Sales SSI"),
                    ("ten_questions", "Ten-question check"),
                    ("monthly_survey", "Twelve-item monthly survey"),
                    ("factory", "Factory survey"),
                    ("staff", "Staff satisfaction"),
                    ("expectation", "Expectation survey"),
                ],
                max_length=16,
                verbose_name="kind",
            ),
        ),
    ]
