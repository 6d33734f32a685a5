"""What the first page says about the workshop."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.ui.home import SHOWN, Card, Item, among
from workshop import queries
from workshop.choices import ToolState


@among(lambda staff, at: queries.orders_to_dispatch(staff))
def dispatch_card(staff, at, orders) -> Card | None:
    items = [_item(order, _promise(order)) for order in orders.first()]
    return Card(_("To be dispatched"), items, reverse("workshop:dispatch"), orders.count, "warning")


@among(lambda staff, at: queries.orders_at_risk(at, staff))
def late_card(staff, at, orders) -> Card | None:
    """Cars whose promise is missed or about to be."""
    late = queries.promises_near(at, staff, orders.all())
    items = [_item(order, _promise(order)) for order in late[:SHOWN]]
    return Card(_("Promises at risk"), items, reverse("workshop:board"), len(late), "danger")


@among(lambda staff, at: queries.jobs_in_hand(staff).prefetch_related(None))
def my_jobs_card(staff, at, jobs) -> Card | None:
    items = [Item(f"{job.order.vehicle.plate} {job.name}", job.get_state_display()) for job in jobs.first()]
    return Card(_("My jobs"), items, reverse("workshop:my_jobs"), jobs.count, "primary")


@among(if_any=lambda staff, at: queries.orders_in_inspection(staff) if staff.store else None)
def team_check_card(staff, at) -> Card | None:
    """For leaders of teams: cars that wait for their check."""
    tasks = queries.team_checks(staff, at)
    items = [
        Item(
            f"{task.order.vehicle.plate} {task.order.number}",
            task.level.label,
            reverse("workshop:team_check", args=[task.order.pk]),
        )
        for task in tasks[:SHOWN]
    ]
    return Card(_("Cars to check"), items, reverse("workshop:my_jobs"), len(tasks), "warning")


@among(lambda staff, at: queries.forgotten_clocks(staff, at).filter(corrected_at=None))
def clock_card(staff, at, clocks) -> Card | None:
    """Clocks the program closed and nobody has looked at."""
    items = [Item(f"{one.technician.name} {one.job.order.vehicle.plate}", one.job.name) for one in clocks.first()]
    return Card(_("Forgotten clocks"), items, reverse("workshop:clocks"), clocks.count, "warning")


@among(if_any=lambda staff, at: queries.orders_in_inspection(staff))
def inspection_card(staff, at) -> Card | None:
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


@among(lambda staff, at: queries.comebacks(staff, decided=False))
def comeback_card(staff, at, orders) -> Card | None:
    items = [
        Item(f"{one.vehicle.plate} {one.number}", "", reverse("workshop:comeback", args=[one.pk]))
        for one in orders.first()
    ]
    return Card(_("Comebacks to decide"), items, reverse("workshop:comebacks"), orders.count, "warning")


@among(lambda staff, at: queries.deductions_to_decide(staff))
def deduction_card(staff, at, deductions) -> Card | None:
    items = [Item(f"{one.staff.name} {one.reason}", f"{one.hours} {_('h')}") for one in deductions.first()]
    url = reverse("workshop:deduction_approvals")
    return Card(_("Hour deductions to approve"), items, url, deductions.count, "warning")


def _tools_to_see_to(staff, at):
    day = at.astimezone(staff.store.tz).date() if staff.store else timezone.localdate(at)
    return queries.tools_to_see_to(staff, day)


@among(_tools_to_see_to)
def tools_card(staff, at, tools) -> Card | None:
    """Tools somebody must see to."""
    items = [
        Item(f"{one.number} {one.name}", _trouble(one), reverse("workshop:tool", args=[one.pk]))
        for one in tools.first()
    ]
    return Card(_("Tools to see to"), items, reverse("workshop:tools"), tools.count, "warning")


def _trouble(tool) -> str:
    """What is to be done about a tool: its defect, else the day its check is due."""
    if tool.state != ToolState.INTACT:
        return tool.get_state_display()
    return _("Check %(day)s") % {"day": f"{tool.next_check_on:%m-%d}"}


def _item(order, detail) -> Item:
    return Item(f"{order.vehicle.plate} {order.number}", detail, reverse("reception:order", args=[order.pk]))


def _promise(order) -> str:
    return f"{timezone.localtime(order.promised_at):%m-%d %H:%M}" if order.promised_at else ""
