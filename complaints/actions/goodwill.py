"""Goodwill (补偿): asked for, approved by another who may grant so much, booked on the month's budget, taken back.

The budget row of the month is locked before it is counted up, and the database refuses a budget overdrawn: two people
who approve at once can't spend the same money twice. Locks are always taken in the order complaint, goodwill, budget.
Source: complaints.md, "Goodwill".
"""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.actions.locking import locked_complaint, refuse_bystander, refuse_closed, said, tell, tell_everywhere
from complaints.choices import GoodwillKind, GoodwillState, StepKind
from complaints.formulas import may_grant
from complaints.models import Complaint, Goodwill, GoodwillBudget
from complaints.queries.goodwill import budget_in_force, granters, limit_of
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.organization.models import Store
from dealer_crm.values import Period, Refusal, fen


@transaction.atomic
def request_goodwill(
    *,
    complaint: Complaint,
    kind: GoodwillKind,
    amount: Decimal,
    reason: str,
    by,
    at: datetime,
    expected_version: int | None = None,
) -> Goodwill:
    """Ask for goodwill; it is granted when somebody else who may grant so much approves it. Those people are told.

    Refused: on a closed complaint, by bystanders, without amount or reason.
    """
    complaint = locked_complaint(complaint=complaint, expected_version=expected_version)
    refuse_closed(complaint=complaint)
    refuse_bystander(complaint=complaint, by=by)
    goodwill = Goodwill.objects.create(
        complaint=complaint,
        kind=kind,
        amount=_positive(amount),
        reason=said(text=reason, field="reason")[:200],
        requested_by=by,
        requested_at=at,
    )
    journal.record(
        by=by, at=at, verb="goodwill.requested", subject=goodwill, store=complaint.store,
        changes={"amount": [None, goodwill.amount]}, note=goodwill.reason,
    )  # fmt: skip
    tell_everywhere(
        people=granters(complaint, goodwill.amount, on=_today(complaint.store, at), but=by),
        key=f"goodwill:{goodwill.pk}:requested",
        text=_("%(number)s: goodwill of %(amount)s waits for your approval (%(reason)s)") % _facts(goodwill),
        url=reverse("complaints:goodwill"),
        store=complaint.store,
        at=at,
    )
    return goodwill


@transaction.atomic
def approve_goodwill(*, goodwill: Goodwill, by, at: datetime, expected_version: int | None = None) -> Goodwill:
    """Grant what somebody else asked for, and book it on the budget of this month. Who asked is told.

    Refused: decided already, one's own request, more than one's role may grant for the whole case, a budget that would
    be overdrawn.
    """
    goodwill = _locked(goodwill, expected_version)
    _refuse_decided(goodwill)
    _refuse_own(goodwill, by)
    _refuse_above_limit(goodwill.complaint, goodwill.amount, by, at, field=None)
    _change(
        goodwill, "goodwill.approved", by, at,
        state=GoodwillState.APPROVED, decided_by=by, decided_at=at,
        budget=_booked(goodwill.complaint.store, goodwill.amount, at),
    )  # fmt: skip
    _keep_total(goodwill.complaint)
    _tell_asker(goodwill, "approved", _("%(number)s: goodwill of %(amount)s is approved"), at)
    return goodwill


@transaction.atomic
def decline_goodwill(
    *, goodwill: Goodwill, reason: str, by, at: datetime, expected_version: int | None = None
) -> Goodwill:
    """Turn a request down, with the reason; it never counts. Refused: decided already, one's own request."""
    goodwill = _locked(goodwill, expected_version)
    _refuse_decided(goodwill)
    _refuse_own(goodwill, by)
    note = said(text=reason, field="reason")[:200]
    _change(
        goodwill, "goodwill.declined", by, at, state=GoodwillState.DECLINED, decided_by=by, decided_at=at, note=note
    )
    _tell_asker(goodwill, "declined", _("%(number)s: goodwill of %(amount)s was declined: %(note)s"), at)
    return goodwill


@transaction.atomic
def reverse_goodwill(
    *, goodwill: Goodwill, reason: str, by, at: datetime, expected_version: int | None = None
) -> Goodwill:
    """Take back what was granted and not given out; the budget it was booked on has it again. Needs the reason."""
    goodwill = _locked(goodwill, expected_version)
    if goodwill.state != GoodwillState.APPROVED:
        raise Refusal(
            _("Only approved goodwill can be taken back; this is “%(state)s”.")
            % {"state": goodwill.get_state_display()},
            code="not_approved",
        )
    _refuse_above_limit(goodwill.complaint, Decimal(0), by, at, field=None)
    _take_back(goodwill, said(text=reason, field="reason")[:200], by, at)
    _keep_total(goodwill.complaint)
    _tell_asker(goodwill, "reversed", _("%(number)s: goodwill of %(amount)s was taken back: %(note)s"), at)
    return goodwill


@transaction.atomic
def change_goodwill_budget(*, store: Store, period: Period, amount: Decimal, by, at: datetime) -> GoodwillBudget:
    """Set what a store may spend in one month. Refused: a month gone by, less than is spent already."""
    if period < Period.of(at, store.tz):
        raise Refusal(_("The budget of a month gone by stays as it is."), field="amount", code="month_past")
    if amount < 0:
        raise Refusal(_("A budget can't be negative."), field="amount")
    budget = _locked_budget(store, period, at)
    if amount < budget.spent_amount:
        raise Refusal(
            _("¥%(spent)s of %(period)s are spent already; the budget can't be below that.")
            % {"spent": f"{budget.spent_amount:,.2f}", "period": period},
            field="amount",
            code="below_spent",
        )
    before, budget.amount = budget.amount, fen(amount)
    budget.version += 1
    budget.save(update_fields=["amount", "version"])
    journal.record(
        by=by, at=at, verb="goodwill_budget.changed", subject=budget, changes={"amount": [before, budget.amount]}
    )
    return budget


def granted_in_decision(*, complaint: Complaint, amount: Decimal, by, at: datetime) -> Decimal:
    """What the manager's decision grants, on a locked complaint; returns the goodwill of the whole case.

    The supervisor who advised has looked at the case before, so that two have seen it. A decision taken again replaces
    the goodwill of the former one. Refused: above the limit of who decides, a budget that would be overdrawn.
    """
    amount = fen(amount)
    if amount < 0:
        raise Refusal(_("Goodwill can't be negative."), field="goodwill_amount")
    former = list(complaint.goodwills.spent().filter(is_of_decision=True).select_for_update(no_key=True))
    if sum((one.amount for one in former), Decimal(0)) != amount:
        for goodwill in former:
            goodwill.complaint = complaint
            _take_back(goodwill, _("Decided again"), by, at)
        if amount:
            _refuse_above_limit(complaint, amount, by, at, field="goodwill_amount")
            _grant_at_once(complaint, amount, by, at)
    return _total(complaint)


def _grant_at_once(complaint: Complaint, amount: Decimal, by, at: datetime) -> None:
    advice = complaint.steps.filter(kind=StepKind.ADVICE).order_by("-id").first()
    adviser = advice.by if advice and advice.by_id != getattr(by, "pk", None) else None
    goodwill = Goodwill.objects.create(
        complaint=complaint,
        kind=GoodwillKind.MONEY,
        amount=amount,
        state=GoodwillState.APPROVED,
        is_of_decision=True,
        requested_by=adviser,
        requested_at=advice.at if advice else at,
        decided_by=by,
        decided_at=at,
        budget=_booked(complaint.store, amount, at, field="goodwill_amount"),
    )
    journal.record(
        by=by, at=at, verb="goodwill.approved", subject=goodwill, store=complaint.store,
        changes={"amount": [None, amount]},
    )  # fmt: skip


def _locked(goodwill: Goodwill, expected_version: int | None) -> Goodwill:
    complaint = locked_complaint(complaint=goodwill.complaint)
    fresh = Goodwill.objects.select_for_update(no_key=True).get(pk=goodwill.pk)
    fresh.complaint = complaint
    refuse_stale(fresh, expected_version)
    return fresh


def _change(goodwill: Goodwill, verb: str, by, at: datetime, **changes) -> None:
    before = {"state": goodwill.state}
    for name, value in changes.items():
        setattr(goodwill, name, value)
    goodwill.version += 1
    goodwill.save(update_fields=["version", *changes])
    journal.record(
        by=by, at=at, verb=verb, subject=goodwill, store=goodwill.complaint.store,
        changes=journal.changed_fields(before, goodwill), note=goodwill.note,
    )  # fmt: skip


def _take_back(goodwill: Goodwill, note: str, by, at: datetime) -> None:
    budget = GoodwillBudget.objects.select_for_update(no_key=True).get(pk=goodwill.budget_id)
    budget.spent_amount -= goodwill.amount
    budget.save(update_fields=["spent_amount"])
    _change(
        goodwill, "goodwill.reversed", by, at,
        state=GoodwillState.REVERSED, reversed_by=by, reversed_at=at, note=note,
    )  # fmt: skip


def _booked(store: Store, amount: Decimal, at: datetime, *, field: str | None = None) -> GoodwillBudget:
    """The month's budget with `amount` more spent on it. Refuses what is not left."""
    budget = _locked_budget(store, Period.of(at, store.tz), at)
    if amount > budget.left_amount:
        raise Refusal(
            _("Of the goodwill budget of %(period)s ¥%(left)s are left, too little for ¥%(amount)s; "
              "the station manager can raise it.")
            % {"period": budget.period, "left": f"{budget.left_amount:,.2f}", "amount": f"{amount:,.2f}"},
            field=field,
            code="budget_spent",
        )  # fmt: skip
    budget.spent_amount += amount
    budget.save(update_fields=["spent_amount"])
    return budget


def _locked_budget(store: Store, period: Period, at: datetime) -> GoodwillBudget:
    GoodwillBudget.objects.get_or_create(
        store=store, period=str(period), defaults={"amount": budget_in_force(store, period)}
    )
    return GoodwillBudget.objects.select_for_update(no_key=True).get(store=store, period=str(period))


def _refuse_decided(goodwill: Goodwill) -> None:
    if goodwill.state != GoodwillState.REQUESTED:
        raise Refusal(
            _("This goodwill is decided already: “%(state)s”.") % {"state": goodwill.get_state_display()},
            code="decided",
        )


def _refuse_own(goodwill: Goodwill, by) -> None:
    if by is not None and by.pk == goodwill.requested_by_id:
        raise Refusal(_("Somebody else than the person who asked for it must decide."), code="four_eyes")


def _refuse_above_limit(complaint: Complaint, amount: Decimal, by, at: datetime, *, field: str | None) -> None:
    if by is None:
        return
    limit, granted = limit_of(by, complaint.store, on=_today(complaint.store, at)), _total(complaint)
    if may_grant(amount, granted=granted, limit=limit):
        return
    if granted:
        text = _("With ¥%(granted)s granted already, ¥%(amount)s are above your limit of ¥%(limit)s for a case; "
                 "the station manager must decide.")  # fmt: skip
    else:
        text = _("Goodwill of %(amount)s is above your limit of %(limit)s; the station manager must decide.")
    raise Refusal(
        text % {"granted": f"{granted:,.2f}", "amount": f"{amount:,.2f}", "limit": f"{limit:,.2f}"},
        field=field,
        code="above_limit",
    )


def _total(complaint: Complaint) -> Decimal:
    return complaint.goodwills.spent().aggregate(total=Sum("amount"))["total"] or Decimal("0.00")


def _keep_total(complaint: Complaint) -> None:
    complaint.goodwill_amount = _total(complaint)
    complaint.version += 1
    complaint.save(update_fields=["goodwill_amount", "version"])


def _positive(amount: Decimal) -> Decimal:
    amount = fen(amount)
    if amount <= 0:
        raise Refusal(_("Goodwill must be above zero."), field="amount", code="not_positive")
    return amount


def _facts(goodwill: Goodwill) -> dict[str, str]:
    return {
        "number": goodwill.complaint.number, "amount": f"¥{goodwill.amount:,.2f}", "reason": goodwill.reason,
        "note": goodwill.note,
    }  # fmt: skip


def _tell_asker(goodwill: Goodwill, occasion: str, text: str, at: datetime) -> None:
    if goodwill.requested_by:
        tell(
            complaint=goodwill.complaint,
            people=[goodwill.requested_by],
            occasion=f"goodwill:{goodwill.pk}:{occasion}",
            text=text % _facts(goodwill),
            at=at,
            is_urgent=True,
        )


def _today(store: Store, at: datetime):
    return at.astimezone(store.tz).date()
