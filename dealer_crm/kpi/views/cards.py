"""What waits, on the first page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.kpi import queries
from dealer_crm.ui import home

SHOWN = 5


def own_targets_card(staff):
    """Targets of this month and of those that begin soon, until one has signed them."""
    if staff.store is None:
        return None
    since, until = queries.months_to_sign(staff.store, timezone.localdate())
    waiting = queries.unsigned_targets_of(staff, since=since, until=until)
    if not waiting:
        return None
    items = [home.Item(f"{target.period} {target.subject}", target.goal_written) for target in waiting[:SHOWN]]
    return home.Card(_("Targets to sign"), items, reverse("kpi:own_targets"), len(waiting), "warning")


def unsigned_card(staff):
    """Of the month that begins soon: no targets yet, or who has not signed them."""
    if staff.store is None:
        return None
    _since, until = queries.months_to_sign(staff.store, timezone.localdate())
    address = f"{reverse('kpi:targets')}?period={until}"
    waiting = queries.waiting_for(staff.store, until)
    if not waiting and not queries.month_targets(staff.store, until).exists():
        return home.Card(_("No targets for %(period)s yet") % {"period": until}, (), address, 1, "danger")
    if not waiting:
        return None
    items = [home.Item(one.staff.name, str(len(one.targets)), address) for one in waiting[:SHOWN]]
    title = _("%(period)s: targets not signed") % {"period": until}
    return home.Card(title, items, address, len(waiting), "warning")


def follow_ups_card(staff):
    """What one took on in goal meetings, what is overdue first."""
    lines = list(queries.follow_ups_of(staff)[: SHOWN + 1])
    if not lines:
        return None
    today = timezone.localdate()
    items = [
        home.Item(
            f"{line.get_measure_display()}: {line.remedy}"[:60],
            f"{line.due_on:%m-%d}",
            tone="danger" if line.is_late(today) else "neutral",
        )
        for line in lines[:SHOWN]
    ]
    count = len(lines) if len(lines) <= SHOWN else queries.follow_ups_of(staff).count()
    tone = "danger" if lines[0].is_late(today) else "info"
    return home.Card(_("Agreed in goal meetings"), items, reverse("kpi:follow_ups"), count, tone)
