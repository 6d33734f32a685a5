"""Accessory sales are measured: what was kept before knows nothing of them and is thrown away, to be counted anew. Every
target says how far it is reached, so it is of one part: a team, a person or a type of orders."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("kpi", "0003_margin_is_watched")]

    operations = [
        migrations.RunSQL("DELETE FROM kpi_fact; DELETE FROM kpi_factmonth", migrations.RunSQL.noop),
        migrations.RemoveConstraint("target", "target_is_of_a_team_or_a_person"),
        migrations.AddConstraint(
            "target",
            models.CheckConstraint(
                condition=Q(staff=None, team=None) | Q(staff=None, order_kind="") | Q(team=None, order_kind=""),
                name="target_is_of_one_part",
            ),
        ),
    ]
