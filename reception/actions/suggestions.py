"""Repair suggestions (维修建议): found but not done now. Source: spec `reception.md` (Repair suggestions)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal, fen
from reception import events
from reception.actions.lines import LineDraft, add_on_drafts, drafts_of, write_lines
from reception.actions.locking import locked_order, refuse_closed, saved, taken
from reception.choices import LineKind, SuggestionState, Urgency
from reception.models import AddOn, RepairOrder, Suggestion, Vehicle
from reception.settings import FOLLOW_UP_DAYS, HOURLY_RATE


def follow_up_day(*, urgency: Urgency, store, on: date) -> date:
    """The day proposed to ask again, by urgency."""
    return on + timedelta(days=figure(FOLLOW_UP_DAYS[Urgency(urgency)], store=store, on=on))


@transaction.atomic
def suggest(
    *, vehicle: Vehicle, name: str, reason: str, urgency: Urgency, order: RepairOrder | None = None,
    add_on: AddOn | None = None, store=None, quoted_amount: Decimal | None = None, follow_up_on: date | None = None,
    by, at: datetime,
) -> Suggestion:  # fmt: skip
    """Keep what should be done to a car. Without `follow_up_on` the day follows from the urgency."""
    store = order.store if order else store or vehicle.store
    today = at.astimezone(store.tz).date()
    if order is not None and order.vehicle_id != vehicle.pk:
        raise Refusal(
            _("Order %(number)s is of another vehicle.") % {"number": order.number}, field="order", code="order_wrong"
        )
    _refuse_wrong(name, reason, urgency, quoted_amount)
    if follow_up_on is not None and follow_up_on < today:
        raise Refusal(_("The follow-up must not lie in the past."), field="follow_up_on", code="follow_up_past")
    suggestion = Suggestion.objects.create(
        store=store, vehicle=vehicle, order=order, add_on=add_on, name=name.strip(), reason=reason.strip(),
        urgency=urgency, quoted_amount=None if quoted_amount is None else fen(quoted_amount),
        follow_up_on=follow_up_on or follow_up_day(urgency=urgency, store=store, on=today), made_by=by, made_at=at,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="suggestion.made", subject=suggestion, note=suggestion.reason)
    return suggestion


@transaction.atomic
def change_suggestion(
    *, suggestion: Suggestion, reason: str, urgency: Urgency, name: str, quoted_amount: Decimal | None,
    follow_up_on: date, by, at: datetime,
) -> Suggestion:  # fmt: skip
    """Mend an open suggestion, or ask again on another day."""
    suggestion = _locked_open(suggestion)
    _refuse_wrong(name, reason, urgency, quoted_amount)
    today = at.astimezone(suggestion.store.tz).date()
    if follow_up_on != suggestion.follow_up_on and follow_up_on < today:
        raise Refusal(_("The follow-up must not lie in the past."), field="follow_up_on", code="follow_up_past")
    fields = ("name", "reason", "urgency", "quoted_amount", "follow_up_on")
    before = {field: getattr(suggestion, field) for field in fields}
    suggestion.name, suggestion.reason, suggestion.urgency = name.strip(), reason.strip(), urgency
    suggestion.quoted_amount = None if quoted_amount is None else fen(quoted_amount)
    suggestion.follow_up_on = follow_up_on
    if changes := journal.changed_fields(before, suggestion):
        suggestion.save(update_fields=[*changes])
        journal.record(by=by, at=at, verb="suggestion.changed", subject=suggestion, changes=changes)
    return suggestion


@transaction.atomic
def take_up_suggestion(*, suggestion: Suggestion, order: RepairOrder, by, at: datetime) -> Suggestion:
    """Do it now: its work becomes lines of an order of the same car, and it is done in that order.

    A declined add-on brings its own lines; anything else one labour line at the quoted price, for the advisor to split.
    """
    order = locked_order(order)
    refuse_closed(order)
    suggestion = _locked_open(suggestion)
    if suggestion.vehicle_id != order.vehicle_id:
        raise Refusal(
            _("Order %(number)s is of another vehicle.") % {"number": order.number}, field="order", code="order_wrong"
        )
    write_lines(order, [*drafts_of(order), *_as_lines(suggestion, order, at)], by=by, at=at)
    saved(order)
    return _ended(suggestion, SuggestionState.DONE, "suggestion.done", by=by, at=at, done_in=order)


@transaction.atomic
def finish_suggestion(*, suggestion: Suggestion, order: RepairOrder, by, at: datetime) -> Suggestion:
    """Note in which order it was done; that order's lines stay as they are."""
    suggestion = _locked_open(suggestion)
    if suggestion.vehicle_id != order.vehicle_id:
        raise Refusal(
            _("Order %(number)s is of another vehicle.") % {"number": order.number}, field="order", code="order_wrong"
        )
    return _ended(suggestion, SuggestionState.DONE, "suggestion.done", by=by, at=at, done_in=order)


@transaction.atomic
def decline_suggestion(*, suggestion: Suggestion, reason: str, by, at: datetime) -> Suggestion:
    """The customer does not want it; nobody asks again."""
    suggestion = _locked_open(suggestion)
    if not reason.strip():
        raise Refusal(_("Say why it was declined."), field="reason", code="reason_missing")
    return _ended(
        suggestion, SuggestionState.DECLINED, "suggestion.declined", by=by, at=at, decline_reason=reason.strip()
    )


@transaction.atomic
def reopen_suggestion(*, suggestion: Suggestion, by, at: datetime) -> Suggestion:
    """It was not done after all (the order was cancelled, the work left out), or the customer thinks again."""
    suggestion = _locked(suggestion)
    if suggestion.state == SuggestionState.OPEN:
        raise Refusal(_("“%(name)s” is open.") % {"name": suggestion.name}, code="suggestion_open")
    return _reopened(suggestion, by, at)


def reopen_suggestions_of(order: RepairOrder, *, by, at: datetime) -> None:
    """The order in which they were to be done is cancelled."""
    for suggestion in Suggestion.objects.select_for_update(of=("self",)).filter(done_in=order).order_by("pk"):
        _reopened(suggestion, by, at)


def _reopened(suggestion: Suggestion, by, at) -> Suggestion:
    before = suggestion.state
    suggestion.state, suggestion.ended_at, suggestion.ended_by = SuggestionState.OPEN, None, None
    suggestion.done_in, suggestion.decline_reason = None, ""
    suggestion.save(update_fields=["state", "ended_at", "ended_by", "done_in", "decline_reason"])
    journal.record(
        by=by, at=at, verb="suggestion.reopened", subject=suggestion, changes={"state": [before, suggestion.state]}
    )
    return suggestion


def _ended(suggestion: Suggestion, state: SuggestionState, verb: str, *, by, at, **fields) -> Suggestion:
    suggestion.state, suggestion.ended_at, suggestion.ended_by = state, at, by
    for name, value in fields.items():
        setattr(suggestion, name, value)
    suggestion.save(update_fields=["state", "ended_at", "ended_by", *fields])
    journal.record(
        by=by, at=at, verb=verb, subject=suggestion, changes={"done_in": [None, suggestion.done_in]}
        if suggestion.done_in_id else {}, note=suggestion.decline_reason,
    )  # fmt: skip
    events.suggestion_ended.send(Suggestion, suggestion_id=suggestion.pk, at=at)
    return suggestion


def _as_lines(suggestion: Suggestion, order: RepairOrder, at) -> list[LineDraft]:
    if suggestion.add_on_id and (drafts := add_on_drafts(suggestion.add_on)):
        return [_at_list_price(draft) for draft in drafts]
    rate = figure(HOURLY_RATE, store=order.store, on=at.astimezone(order.store.tz).date())
    price = rate if suggestion.quoted_amount is None else suggestion.quoted_amount
    return [LineDraft(kind=LineKind.LABOUR, name=suggestion.name, quantity=Decimal(1), unit_price=price)]


def _at_list_price(draft: LineDraft) -> LineDraft:
    """A line of a declined add-on on another visit: what was agreed then is asked anew when it is written."""
    discount = Decimal(0) if draft.price_basis else draft.discount_rate
    return replace(draft, add_on=None, discount_rate=discount, price_basis="", agreement_item_id=None)


def _locked(suggestion: Suggestion) -> Suggestion:
    return taken(suggestion).select_related("store", "vehicle", "add_on", "done_in").get()


def _locked_open(suggestion: Suggestion) -> Suggestion:
    suggestion = _locked(suggestion)
    if suggestion.state == SuggestionState.DONE:
        raise Refusal(
            _("“%(name)s” is done already (%(order)s).")
            % {"name": suggestion.name, "order": suggestion.done_in.number},
            code="suggestion_done",
        )
    if suggestion.state == SuggestionState.DECLINED:
        raise Refusal(
            _("“%(name)s” was declined: %(reason)s") % {"name": suggestion.name, "reason": suggestion.decline_reason},
            code="suggestion_declined",
        )
    return suggestion


def _refuse_wrong(name: str, reason: str, urgency, quoted_amount: Decimal | None) -> None:
    if not name.strip():
        raise Refusal(_("Say what should be done."), field="name", code="name_missing")
    if not reason.strip():
        raise Refusal(_("Say why it should be done."), field="reason", code="reason_missing")
    if urgency not in Urgency.values:
        raise Refusal(_("Say how urgent it is."), field="urgency", code="urgency_missing")
    if quoted_amount is not None and quoted_amount < 0:
        raise Refusal(_("The price can't be negative."), field="quoted_amount", code="price_negative")
