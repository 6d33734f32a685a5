from django.db import migrations, models

# Appeals made before are to be decided five days after they were made, their members were named with them.
BACKFILL = """
UPDATE commission_appealvote v SET named_at = a.appealed_at FROM commission_payappeal a WHERE a.id = v.appeal_id;
UPDATE commission_payappeal SET decide_by = (appealed_at AT TIME ZONE 'Asia/Shanghai')::date + 5;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commission", "0004_pay_items_and_pay_statements"),
    ]
    operations = [
        migrations.AddField(
            model_name="appealvote", name="named_at", field=models.DateTimeField(null=True, verbose_name="named at")
        ),
        migrations.AddField(
            model_name="payappeal", name="decide_by", field=models.DateField(null=True, verbose_name="to be decided by")
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="appealvote", name="named_at", field=models.DateTimeField(verbose_name="named at")
        ),
        migrations.AlterField(
            model_name="payappeal", name="decide_by", field=models.DateField(verbose_name="to be decided by")
        ),
        migrations.AddField(
            model_name="appealvote",
            name="reminders",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="reminders"),
        ),
        migrations.AddIndex(
            model_name="appealvote",
            index=models.Index("appeal", condition=models.Q(("voted_at", None)), name="appeal_vote_awaited"),
        ),
        migrations.AlterField(
            model_name="countedrow",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="latechange",
            name="cause",
            field=models.CharField(
                choices=[
                    ("receipt", "Money booked into the month"),
                    ("settlement", "Settlement of the month changed"),
                    ("inspection", "Final inspection passed again"),
                    ("labour", "Technicians of labour corrected"),
                    ("comeback", "Comeback decided"),
                    ("judgement", "Complaint judged anew"),
                    ("lifted", "Judgement of a complaint lifted"),
                    ("consumables", "Consumables entered or taken back"),
                    ("deduction", "Hours deducted"),
                    ("import", "Brought in by workbook"),
                    ("found", "Found by the nightly comparison"),
                ],
                max_length=12,
                verbose_name="cause",
            ),
        ),
    ]
