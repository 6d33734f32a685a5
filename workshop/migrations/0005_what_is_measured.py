from django.db import migrations, models


def move_figures(apps, schema_editor):
    """What the workshop is measured by and against is the workshop's own."""
    figures = apps.get_model("organization", "StoreFigure").objects
    for name in ("comeback_goal", "first_fix_days"):
        figures.filter(code=f"kpi.{name}").update(code=f"workshop.{name}")


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_initial"),
        ("workshop", "0004_at_the_car"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clockentry",
            index=models.Index(models.F("ended_at"), name="clock_ended"),
        ),
        migrations.AddIndex(
            model_name="inspection",
            index=models.Index(models.F("inspected_at"), name="inspection_time"),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                models.F("finished_at"),
                condition=models.Q(("finished_at__isnull", False)),
                name="job_finished",
            ),
        ),
        migrations.RunPython(move_figures, migrations.RunPython.noop),
    ]
