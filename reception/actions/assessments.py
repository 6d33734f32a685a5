"""Accident cars (事故车): what the insurer assessed, the owner's own share, the day of release."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, fen
from reception.actions.locking import locked_order, saved
from reception.choices import OrderKind
from reception.models import AccidentAssessment, RepairOrder


@transaction.atomic
def set_assessment(
    *, order: RepairOrder, assessed_amount: Decimal, own_share_amount: Decimal = Decimal(0),
    assessed_on: date | None = None, released_on: date | None = None, by, at, expected_version: int | None = None,
) -> AccidentAssessment:  # fmt: skip
    """Keep what the insurer assessed (定审金额), the owner's own share included, and the day of release (出厂)."""
    order = locked_order(order, expected_version)
    if order.kind != OrderKind.ACCIDENT:
        raise Refusal(_("Only an accident repair has an assessment."), code="not_an_accident")
    if assessed_amount < 0 or own_share_amount < 0:
        raise Refusal(_("An assessed amount can't be negative."), field="assessed_amount", code="amount_negative")
    if own_share_amount > assessed_amount:
        raise Refusal(
            _("The owner's own share is a part of the assessed amount and can't exceed it."),
            field="own_share_amount",
            code="own_share_exceeds",
        )
    _refuse_days(order, assessed_on, released_on, at.astimezone(order.store.tz).date())
    values = {
        "assessed_amount": fen(assessed_amount),
        "own_share_amount": fen(own_share_amount),
        "assessed_on": assessed_on,
        "released_on": released_on,
    }
    former = AccidentAssessment.objects.filter(order=order).first()
    assessment, _was_new = AccidentAssessment.objects.update_or_create(order=order, defaults=values)
    saved(order)
    changes = {name: [getattr(former, name, None), value] for name, value in values.items()}
    journal.record(by=by, at=at, verb="repair_order.assessed", subject=order, changes=changes)
    return assessment


@transaction.atomic
def release_accident_car(*, order: RepairOrder, released_on: date | None = None, by, at) -> AccidentAssessment:
    """The assessed car leaves the house (出厂), today unless said otherwise. Its assessment stands as it is."""
    order = locked_order(order)
    known = AccidentAssessment.objects.filter(order=order).first()
    if known is None:
        raise Refusal(
            _("Enter what the insurer assessed first; order %(number)s has no assessment.") % {"number": order.number},
            code="not_assessed",
        )
    if known.released_on:
        raise Refusal(
            _("%(number)s was released on %(day)s.") % {"number": order.number, "day": known.released_on},
            code="already_released",
        )
    return set_assessment(
        order=order, assessed_amount=known.assessed_amount, own_share_amount=known.own_share_amount,
        assessed_on=known.assessed_on, released_on=released_on or at.astimezone(order.store.tz).date(), by=by, at=at,
    )  # fmt: skip


def _refuse_days(order: RepairOrder, assessed_on: date | None, released_on: date | None, today: date) -> None:
    if assessed_on and assessed_on > today:
        raise Refusal(_("The assessment can't lie in the future."), field="assessed_on", code="assessed_later")
    if released_on is None:
        return
    if released_on < order.arrived_at.astimezone(order.store.tz).date():
        raise Refusal(_("The car can't be released before it arrived."), field="released_on", code="released_early")
    if released_on > today:
        raise Refusal(_("The release can't lie in the future."), field="released_on", code="released_later")
