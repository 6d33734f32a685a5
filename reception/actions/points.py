"""Membership (会员): what a level gives from a day on, and points earned, taken back, redeemed, corrected."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from reception.actions.locking import locked_customer
from reception.choices import CustomerLevel, Payer, PointsReason
from reception.formulas.agreements import points_earned
from reception.models import Customer, MembershipTerms, PointsEntry, Settlement
from reception.queries.agreements import membership_terms, points_of


# ── What a level gives ───────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def set_membership_terms(
    *, store, level: CustomerLevel, starts_on: date, labour_discount_rate: Decimal, part_discount_rate: Decimal,
    points_per_yuan: Decimal, by, at: datetime,
) -> MembershipTerms:  # fmt: skip
    """What a level gives from a day on; what was priced before keeps its price. The same day again replaces it."""
    today = at.astimezone(store.tz).date()
    if starts_on < today:
        raise Refusal(
            _("Terms hold from today or a later day; what was given before stays."), field="starts_on", code="past"
        )
    rates = {"labour_discount_rate": labour_discount_rate, "part_discount_rate": part_discount_rate}
    for name, rate in rates.items():
        if not 0 <= rate <= 1:
            raise Refusal(_("A discount lies between 0 and 100%."), field=name, code="discount_wrong")
    if points_per_yuan < 0:
        raise Refusal(_("Points can't be negative."), field="points_per_yuan", code="points_negative")
    given = rates | {"points_per_yuan": points_per_yuan}
    former = MembershipTerms.objects.filter(store=store, level=level, starts_on__lte=starts_on).order_by("-starts_on")
    before = former.first()
    terms, _is_new = MembershipTerms.objects.update_or_create(
        store=store, level=level, starts_on=starts_on, defaults=given
    )
    changes = {name: [getattr(before, name, None), value] for name, value in given.items()}
    journal.record(by=by, at=at, verb="membership.terms_set", subject=terms, store=store, changes=changes)
    return terms


@transaction.atomic
def withdraw_membership_terms(*, terms: MembershipTerms, by, at: datetime) -> None:
    """Take back terms that have not begun; those that hold are replaced by new ones, never erased."""
    if terms.starts_on <= at.astimezone(terms.store.tz).date():
        raise Refusal(_("These terms hold already; set new ones from a day on."), code="begun")
    journal.record(by=by, at=at, verb="membership.terms_withdrawn", subject=terms, store=terms.store)
    terms.delete()


# ── Points by hand ───────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def spend_points(*, customer: Customer, points: int, note: str, by, at: datetime) -> PointsEntry:
    """Redeem points for something `note` names."""
    customer = locked_customer(customer)
    if points <= 0:
        raise Refusal(_("Say how many points are redeemed."), field="points", code="points_wrong")
    return _moved(customer, -points, PointsReason.SPENT, note, by, at)


@transaction.atomic
def correct_points(*, customer: Customer, points: int, note: str, by, at: datetime) -> PointsEntry:
    """Add points, or take some away (negative), for a reason."""
    customer = locked_customer(customer)
    if points == 0:
        raise Refusal(_("A correction of nothing changes nothing."), field="points", code="points_wrong")
    return _moved(customer, points, PointsReason.CORRECTED, note, by, at)


def _moved(customer: Customer, points: int, reason: PointsReason, note: str, by, at) -> PointsEntry:
    """Move points of a locked customer; the balance never falls below zero."""
    if not note.strip():
        raise Refusal(_("Say what for; the customer may ask."), field="note", code="note_missing")
    balance = points_of(customer)
    if balance + points < 0:
        raise Refusal(
            _("%(customer)s has %(balance)s points, not %(wanted)s.")
            % {"customer": customer.name, "balance": balance, "wanted": -points},
            field="points",
            code="points_short",
        )
    return _entered(customer, points, reason, by, at, note=note.strip(), balance=balance)


# ── Points by settlements ────────────────────────────────────────────────────────────────────────────────────────────
def earn_points(*, settlement: Settlement, by, at: datetime) -> PointsEntry | None:
    """What the customer pays on a new settlement earns points by the terms of the level on that day."""
    order = settlement.order
    terms = membership_terms(order.store, order.customer.level, at.astimezone(order.store.tz).date())
    if terms is None or not terms.points_per_yuan:
        return None
    paid = sum((one.amount for one in settlement.amounts.filter(payer=Payer.CUSTOMER)), Decimal(0))
    points = points_earned(paid, terms.points_per_yuan)
    if not points or order.customer.erased_at:
        return None  # nobody is left to redeem them
    customer = locked_customer(order.customer)
    balance = points_of(customer)
    return _entered(customer, points, PointsReason.EARNED, by, at, settlement=settlement, balance=balance)


def take_points_back(*, settlement: Settlement, by, at: datetime) -> PointsEntry | None:
    """A reversed settlement earned nothing. What was redeemed in the meantime stays redeemed: no more is taken back
    than is there; of somebody erased nothing is, because nobody redeems it."""
    earned = settlement.points_entries.filter(reason=PointsReason.EARNED).first()
    if earned is None or settlement.order.customer.erased_at:
        return None
    customer = locked_customer(settlement.order.customer)
    balance = points_of(customer)
    points = min(earned.points, balance)
    if not points:
        return None
    short = earned.points - points
    note = _("%(points)s points were redeemed already.") % {"points": short} if short else ""
    return _entered(
        customer, -points, PointsReason.TAKEN_BACK, by, at, settlement=settlement, note=note, balance=balance
    )


def _entered(customer: Customer, points: int, reason: PointsReason, by, at, *, balance: int, **values) -> PointsEntry:
    entry = PointsEntry.objects.create(customer=customer, points=points, reason=reason, entered_by=by, at=at, **values)
    journal.record(
        by=by, at=at, verb="customer.points_moved", subject=customer, changes={"points": [balance, balance + points]},
        note=" ".join(filter(None, [str(reason.label), values.get("note", "")])),
    )  # fmt: skip
    return entry
