"""A person's score of a month, entered by hand. Source: spec `commission.md` (Scorecards)."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.appraisal.models import Score
from dealer_crm.appraisal.queries import objection_of_pay
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff
from dealer_crm.values import Period, Refusal


@transaction.atomic
def set_score(*, staff: Staff, period: Period, score: Decimal, by, at) -> Score:
    """Enter a person's appraisal score of a month."""
    if not 0 <= score <= 200:
        raise Refusal(_("A score lies between 0 and 200."), field="score")
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody scores themselves."))
    if sentence := objection_of_pay(staff.store, period):
        raise Refusal(sentence, code="locked", field="period")
    row = Score.objects.select_for_update().filter(staff=staff, period=str(period)).first()
    before = row.score if row else None
    if row is None:
        row = Score(staff=staff, period=str(period))
    row.score, row.entered_by, row.entered_at = score, by, at
    row.save()
    journal.record(by=by, at=at, verb="score.set", subject=row, store=staff.store, changes={"score": [before, score]})
    return row
