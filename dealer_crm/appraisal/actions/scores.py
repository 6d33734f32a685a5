"""A person's score of a month, as pay counts it. Source: spec `commission.md` (Scorecards)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.appraisal.choices import Origin
from dealer_crm.appraisal.models import Score, Sheet
from dealer_crm.appraisal.queries import objection_of_pay
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal


@transaction.atomic
def set_score(*, staff: Staff, period: Period, score: Decimal, by, at) -> Score:
    """Enter a person's appraisal score of a month by hand, where no sheet judges the month."""
    if not 0 <= score <= 200:
        raise Refusal(_("A score lies between 0 and 200."), field="score")
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody scores themselves."))
    refuse_paid(store=staff.store, period=period)
    if Sheet.objects.filter(staff=staff, period=str(period)).exists():
        raise Refusal(
            _("The score of %(name)s for %(period)s comes from the score sheet; enter it there.")
            % {"name": staff.name, "period": period},
            code="has_sheet",
        )
    return keep_score(staff=staff, period=period, score=score, origin=Origin.ENTERED, by=by, at=at)


def keep_score(*, staff: Staff, period: Period, score: Decimal, origin: Origin, by, at) -> Score:
    """Keep what pay counts from now on, inside the transaction of whoever has the right to say so."""
    row = Score.objects.select_for_update().filter(staff=staff, period=str(period)).first()
    before = row.score if row else None
    if row is None:
        row = Score(staff=staff, period=str(period))
    row.score, row.origin, row.entered_by, row.entered_at = score, origin, by, at
    row.save()
    journal.record(by=by, at=at, verb="score.set", subject=row, store=staff.store, changes={"score": [before, score]})
    return row


def refuse_paid(*, store: Store, period: Period) -> None:
    """Refuse a change of a month's scores that pay has counted; asked inside the change."""
    if sentence := objection_of_pay(store, period):
        raise Refusal(sentence, code="locked", field="period")
