"""What the reception puts into the paper pack: cars in the shop, who comes today, blank intake forms."""

from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.paper import register_catch_up, register_paper
from reception import queries
from reception.models import RepairOrder

# More cars than any shop floor holds.
MOST_ORDERS = 300


def open_orders(*, staff, at) -> dict:
    rows = RepairOrder.objects.visible_to(staff).not_handed_over()
    rows = rows.filter(store=staff.store) if staff.store else rows
    orders = list(
        rows.select_related("vehicle", "customer", "advisor")
        .prefetch_related("customer__phones", "lines")
        .order_by("promised_at", "pk")[: MOST_ORDERS + 1]
    )
    return {"orders": orders[:MOST_ORDERS], "is_cut": len(orders) > MOST_ORDERS}


def appointments_today(*, staff, at) -> dict:
    if staff.store is None:
        return {"appointments": []}
    return {"appointments": queries.appointments_of_day(staff.store, at.astimezone(staff.store.tz).date()).expected()}


register_paper(
    code="orders", title=_("Open orders"), permission=Permission.ORDER_VIEW, order=10,
    template="reception/paper/orders.html", build=open_orders, is_wide=True,
)  # fmt: skip
register_paper(
    code="appointments", title=_("Appointments of the day"), permission=Permission.APPOINTMENT_VIEW, order=20,
    template="reception/paper/appointments.html", build=appointments_today, is_wide=True,
)  # fmt: skip
register_paper(
    code="intake", title=_("Intake sheet (blank)"), permission=Permission.ORDER_CREATE, order=50, is_blank=True,
    template="reception/paper/intake.html",
)  # fmt: skip
register_catch_up(label=_("Key in orders"), url_name="reception:catch_up", permission=Permission.ORDER_CREATE)
