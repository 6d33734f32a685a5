from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.values import Period, Refusal
from satisfaction.models import Guess
from satisfaction.queries import csi_factors


@transaction.atomic
def give_guess(*, store: Store, period: Period, means: Mapping[str, Decimal], by, at: datetime) -> list[Guess]:
    """Take down what a manager believes customers will say of every factor this month (gap 1).

    Refused: for a month that is over (its figures are out on the 1st) or has not begun, with a factor left out, off the
    scale 1–10, and a second time.
    """
    running = Period.of(at, store.tz)
    if period < running:
        raise Refusal(_("The figures of %(month)s are out: it is too late to guess.") % {"month": period}, code="late")
    if period > running:
        raise Refusal(_("%(month)s has not begun yet.") % {"month": period}, code="early")
    factors = [question.code for question in csi_factors()]
    for code in factors:
        if means.get(code) is None:
            raise Refusal(_("Give your guess for every factor."), field=code, code="factor_missing")
        if not 1 <= means[code] <= 10:
            raise Refusal(_("A guess lies between 1 and 10."), field=code, code="off_scale")
    try:
        with transaction.atomic():
            rows = Guess.objects.bulk_create(
                Guess(store=store, period=str(period), staff=by, factor_code=code, mean=means[code], guessed_at=at)
                for code in factors
            )
    except IntegrityError as error:
        raise Refusal(_("You have given your guess for this month already."), code="guessed") from error
    journal.record(by=by, at=at, verb="guess.given", subject=rows[0], store=store, note=str(period))
    return rows
