"""What the first page says about the workshop."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.home import Card, Item
from workshop import queries
from workshop.choices import ToolState

SHOWN = 5


def dispatch_card(staff) -> Card | None:
    queue = list(queries.orders_to_dispatch(staff))
    items = [_item(order, _promise(order)) for order in queue[:SHOWN]]
    return Card(_("To be dispatched"), items, reverse("workshop:dispatch"), len(queue), "warning")


def late_card(staff) -> Card | None:
    """Cars whose promise is missed or about to be."""
    at = timezone.now()
    late = queries.promises_near(at, staff)
    items = [_item(order, _promise(order)) for order in late[:SHOWN]]
    return Card(_("Promises at risk"), items, reverse("workshop:board"), len(late), "danger")


def my_jobs_card(staff) -> Card | None:
    jobs = list(queries.jobs_in_hand(staff))
    items = [Item(f"{job.order.vehicle.plate} {job.name}", job.get_state_display()) for job in jobs[:SHOWN]]
    return Card(_("My jobs"), items, reverse("workshop:my_jobs"), len(jobs), "primary")


def team_check_card(staff) -> Card | None:
    """For leaders of teams: cars that wait for their check."""
    tasks = queries.team_checks(staff, timezone.now()) if staff.store else []
    items = [
        Item(
            f"{task.order.vehicle.plate} {task.order.number}",
            task.level.label,
            reverse("workshop:team_check", args=[task.order.pk]),
        )
        for task in tasks[:SHOWN]
    ]
    return Card(_("Cars to check"), items, reverse("workshop:my_jobs"), len(tasks), "warning") if tasks else None


def clock_card(staff) -> Card | None:
    """Clocks the program closed and nobody has looked at."""
    entries = [one for one in queries.forgotten_clocks(staff, timezone.now()) if one.corrected_at is None]
    items = [Item(f"{one.technician.name} {one.job.order.vehicle.plate}", one.job.name) for one in entries[:SHOWN]]
    return Card(_("Forgotten clocks"), items, reverse("workshop:clocks"), len(entries), "warning") if entries else None


def inspection_card(staff) -> Card | None:
    tasks = queries.inspection_queue(staff)
    items = [
        Item(
            f"{task.order.vehicle.plate} {task.order.number}",
            task.level.label,
            reverse("workshop:inspection", args=[task.order.pk]),
        )
        for task in tasks[:SHOWN]
    ]
    return Card(_("Cars to inspect"), items, reverse("workshop:inspections"), len(tasks), "warning")


def comeback_card(staff) -> Card | None:
    orders = list(queries.comebacks(staff, decided=False))
    items = [
        Item(f"{one.vehicle.plate} {one.number}", "", reverse("workshop:comeback", args=[one.pk]))
        for one in orders[:SHOWN]
    ]
    return Card(_("Comebacks to decide"), items, reverse("workshop:comebacks"), len(orders), "warning")


def deduction_card(staff) -> Card | None:
    rows = list(queries.deductions_to_decide(staff))
    items = [Item(f"{one.staff.name} {one.reason}", f"{one.hours} {_('h')}") for one in rows[:SHOWN]]
    return Card(_("Hour deductions to approve"), items, reverse("workshop:deduction_approvals"), len(rows), "warning")


def tools_card(staff) -> Card | None:
    """Tools somebody must see to."""
    at = timezone.now()
    day = at.astimezone(staff.store.tz).date() if staff.store else timezone.localdate(at)
    found = list(queries.tools_to_see_to(staff, day))
    items = [
        Item(f"{one.number} {one.name}", _trouble(one), reverse("workshop:tool", args=[one.pk]))
        for one in found[:SHOWN]
    ]
    return Card(_("Tools to see to"), items, reverse("workshop:tools"), len(found), "warning")


def _trouble(tool) -> str:
    """What is to be done about a tool: its defect, else the day its check is due."""
    if tool.state != ToolState.INTACT:
        return tool.get_state_display()
    return _("Check %(day)s") % {"day": f"{tool.next_check_on:%m-%d}"}


def _item(order, detail) -> Item:
    return Item(f"{order.vehicle.plate} {order.number}", detail, reverse("reception:order", args=[order.pk]))


def _promise(order) -> str:
    return f"{timezone.localtime(order.promised_at):%m-%d %H:%M}" if order.promised_at else ""
