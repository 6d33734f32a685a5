import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("callback", "0003_words_of_the_call"),
        ("reception", "0005_the_whole_reception"),
    ]

    operations = [
        migrations.AddField(
            model_name="calltask",
            name="appointment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="call_tasks",
                to="reception.appointment",
                verbose_name="appointment",
            ),
        ),
    ]
