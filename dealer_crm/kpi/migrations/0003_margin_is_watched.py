"""Gross margin reads what lines cost and which consumables were issued: both mark the months in which they count. What
was kept before knows no cost and is thrown away, to be counted anew; lines of a goal meeting say what they leave out."""

from importlib import import_module

from django.db import migrations, models

marks = import_module("dealer_crm.kpi.migrations.0002_marks_of_touched_months")

# Table → the columns that count by now, those known before included.
WATCHED_ANEW = {
    "reception_orderline": "order_id kind payer quantity unit_price discount_rate payable_amount unit_cost",
    "reception_settlement": "order_id settled_at reversed_at settled_by_id costs",
}


def watch_anew(table: str, columns: str) -> migrations.RunSQL:
    """The trigger of a change with more columns; what it does stays."""

    def made(columns: str) -> str:
        names = columns.split()
        changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        return (
            f"DROP TRIGGER marks_months_after_update ON public.{table};"
            f" CREATE TRIGGER marks_months_after_update AFTER UPDATE OF {listed} ON public.{table}"
            f" FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION public.kpi_{table}_changed()"
        )

    return migrations.RunSQL(made(columns), made(marks.WATCHED[table][0]))


class Migration(migrations.Migration):
    dependencies = [
        ("kpi", "0002_marks_of_touched_months"),
        ("reception", "0005_what_things_cost"),
        ("workshop", "0001_initial"),
    ]

    operations = [
        *(watch_anew(table, columns) for table, columns in WATCHED_ANEW.items()),
        *marks.watch("workshop_consumableissue", "store_id issued_on amount", marks.points("c.issued_on")),
        migrations.RunSQL("DELETE FROM kpi_fact; DELETE FROM kpi_factmonth", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="goalline",
            name="unknown",
            field=models.PositiveIntegerField(default=0, verbose_name="lines left out"),
        ),
    ]
