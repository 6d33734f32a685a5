from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from reception.choices import OrderKind
from workshop.choices import InspectionLevel
from workshop.models import CheckList

MOST_POINTS = 40
LONGEST_POINT = 60


@transaction.atomic
def change_check_list(
    *, store: Store, level: InspectionLevel, order_kind: OrderKind | str, points: Sequence[str], starts_on: date, by,
    at: datetime,
) -> CheckList:  # fmt: skip
    """Say what a check goes through from a day on, for one type of order or (empty) for every type.

    Checks made before keep the points they were made by. No points for a type: that of every type holds for it again.
    """
    points = list(dict.fromkeys(point.strip() for point in points if point.strip()))
    if not points and not order_kind:
        raise Refusal(_("A check goes through at least one point."), field="points", code="points_missing")
    if len(points) > MOST_POINTS:
        raise Refusal(_("A check-list has at most %(most)s points.") % {"most": MOST_POINTS}, field="points")
    if long := [point for point in points if len(point) > LONGEST_POINT]:
        raise Refusal(
            _("Too long for a point (%(most)s signs at most): %(point)s") % {"most": LONGEST_POINT, "point": long[0]},
            field="points",
        )
    if starts_on < at.astimezone(store.tz).date():
        raise Refusal(_("A check-list holds from today or later."), field="starts_on", code="starts_early")
    row, was_new = CheckList.objects.update_or_create(
        store=store, level=level, order_kind=order_kind, starts_on=starts_on,
        defaults={"points": points, "changed_by": by, "changed_at": at},
    )  # fmt: skip
    journal.record(
        by=by, at=at, verb="check_list.changed", subject=row,
        changes={"points": [None, "、".join(points)], "starts_on": [None if was_new else starts_on, starts_on]},
    )  # fmt: skip
    return row
