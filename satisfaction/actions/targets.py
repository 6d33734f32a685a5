from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Refusal
from satisfaction.models import FactorTarget
from satisfaction.queries import factor_targets


@transaction.atomic
def set_factor_target(
    *, store: Store | None, factor_code: str, mean: Decimal, starts_on: date, by, at: datetime
) -> FactorTarget:
    """Set the mean (1–10) a factor is to reach from a day on, for one store or, without one, for all.

    A second target from the same day replaces the first. Refused: a day gone by (what was judged stays judged), a mean
    off the scale, all stores by somebody who belongs to one.
    """
    if store is None and by and not by.sees_all_stores:
        raise Refusal(_("Only the administrator sets a target for all stores."), field="store")
    if not 1 <= mean <= 10:
        raise Refusal(_("A target lies between 1 and 10."), field="mean", code="off_scale")
    if starts_on < (at.astimezone(store.tz) if store else at).date():
        raise Refusal(_("A target starts today or later: what was judged stays judged."), field="starts_on")
    before = factor_targets(store, on=starts_on)[factor_code]
    row, _is_new = FactorTarget.objects.update_or_create(
        store=store, factor_code=factor_code, starts_on=starts_on, defaults={"mean": mean}
    )
    journal.record(
        by=by,
        at=at,
        verb="factor_target.set",
        subject=row,
        store=store,
        changes={factor_code: [before, mean], "starts_on": [None, starts_on]},
    )
    return row
