"""What waits, on the first page."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.kpi import queries
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.ui import home
from dealer_crm.ui.formulas import grouped
from dealer_crm.values import Period


def _unsigned(staff, at):
    since = Period.of(timezone.localdate(at)).previous()
    return queries.unsigned_targets_near(staff).filter(period__gte=str(since)) if staff.store else None


@home.among(_unsigned)
def own_targets_card(staff, at, near):
    """Targets of this month and of those that begin soon, until one has signed them."""
    since, until = queries.months_to_sign(staff.store, timezone.localdate(at))
    waiting = queries.unsigned_targets_of(staff, since=since, until=until, near=near.all())
    items = [
        home.Item(f"{target.period} {target.subject} · {_whose(target)}", target.goal_written)
        for target in waiting[: home.SHOWN]
    ]
    return home.Card(_("Targets to sign"), items, reverse("kpi:own_targets"), len(waiting), "warning")


def _whose(target) -> str:
    holder = target.staff or target.team
    return holder.name if holder else _("the whole store")


@home.among(if_any=lambda staff, at: stores_visible_to(staff) if staff.store else None)
def unsigned_card(staff, at):
    """Of the month that begins soon: no targets yet, or who has not signed them."""
    _since, until = queries.months_to_sign(staff.store, timezone.localdate(at))
    address = f"{reverse('kpi:targets')}?period={until}"
    waiting = queries.waiting_for(staff.store, until)
    if not waiting and not queries.month_targets(staff.store, until).exists():
        return home.Card(_("No targets for %(period)s yet") % {"period": until}, (), address, 1, "danger")
    if not waiting:
        return None
    items = [home.Item(one.staff.name, str(len(one.targets)), address) for one in waiting[: home.SHOWN]]
    title = _("%(period)s: targets not signed") % {"period": until}
    return home.Card(title, items, address, len(waiting), "warning")


@home.among(lambda staff, at: queries.follow_ups_of(staff))
def follow_ups_card(staff, at, taken_on):
    """What one took on in goal meetings, what is overdue first."""
    today, lines = timezone.localdate(at), taken_on.first()
    items = [
        home.Item(
            f"{line.get_measure_display()}: {line.remedy}"[:60],
            f"{line.due_on:%m-%d}",
            tone="danger" if line.is_late(today) else "neutral",
        )
        for line in lines
    ]
    tone = "danger" if lines[0].is_late(today) else "info"
    return home.Card(_("Agreed in goal meetings"), items, reverse("kpi:follow_ups"), taken_on.count, tone)


@home.among(if_any=lambda staff, at: stores_visible_to(staff).order_by()[1:] if staff.sees_all_stores else None)
def stores_card(staff, at):
    """For who looks after several stores: last month's output of each, the most first."""
    period, output = Period.of(at).previous(), queries.MEASURES["output"]
    found = queries.compared_stores(stores_visible_to(staff), period, [output.code])
    items = [
        home.Item(
            row.store.name,
            f"{output.label} {grouped(row.cells[0].found.value)}",
            f"{reverse('kpi:dashboard')}?store={row.store.code}&period={period}",
        )
        for row in found.rows[: home.SHOWN]
    ]
    title = _("%(period)s: stores compared") % {"period": period}
    return home.Card(title, items, f"{reverse('kpi:stores')}?period={period}")
