from datetime import date

from django.db.models import QuerySet

from dealer_crm.organization.models import Staff, Store, Team
from workshop.choices import WORKSHOP_TEAMS


def technicians_of(store: Store, day: date) -> QuerySet[Staff]:
    """People of the workshop teams on a day, annotated with `team_id_now`, by work number."""
    teams = Team.objects.filter(store=store, kind__in=WORKSHOP_TEAMS)
    return (
        Staff.objects.filter(store=store, is_active=True)
        .employed_on(day)
        .with_position(day)
        .filter(team_id_now__in=teams.values("pk"))
        .order_by("work_number")
    )
