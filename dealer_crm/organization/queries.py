from datetime import date

from django.db.models import F, Q

from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store, StoreFigure
from dealer_crm.values import Figure, Refusal
from dealer_crm.values.figures import REGISTERED


def figure(key: Figure, *, store: Store | None = None, on: date):
    """The value of a figure in force on a day: the store's own if it set one, else the group's, else the default."""
    rows = StoreFigure.objects.filter(Q(store=store) | Q(store=None), code=key.code, starts_on__lte=on)
    row = rows.order_by(F("store").asc(nulls_last=True), "-starts_on").values_list("value", flat=True).first()
    return key.default if row is None else key.read(row)


def figures(prefix: str, *, store: Store | None, on: date) -> dict[str, object]:
    """All figures whose code begins with `prefix`, in one query: code → value in force."""
    values = {code: key.default for code, key in REGISTERED.items() if code.startswith(prefix)}
    rows = (
        StoreFigure.objects.filter(Q(store=store) | Q(store=None), code__startswith=prefix, starts_on__lte=on)
        .order_by(F("store").asc(nulls_first=True), "starts_on")
        .values_list("code", "value")
    )
    for code, stored in rows:  # the group's first, then the store's own; older before newer: the last one holds
        if code in REGISTERED:
            values[code] = REGISTERED[code].read(stored)
    return values


def stores_visible_to(staff: Staff):
    return Store.objects.all() if staff.sees_all_stores else Store.objects.filter(pk=staff.store_id)


def staff_with_role(store: Store, *roles: Role):
    """The people of a store who hold one of these roles and may sign in."""
    return Staff.objects.with_role(*roles).filter(store=store).order_by("work_number")


def store_of(staff: Staff) -> Store:
    """The store a person works in. Raises Refusal for someone who belongs to none (group, administrator)."""
    if staff.store is None:
        raise Refusal(_("You belong to no store, so there is nowhere to enter this. Ask the administrator."))
    return staff.store
