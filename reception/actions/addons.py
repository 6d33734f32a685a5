"""Add-ons (增项): more work than was ordered. Nothing of it reaches the order before the customer's answer.

Source: spec `reception.md` (Repair order, Add-ons), `workshop.md` (additional findings).
"""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.urls import reverse as address_of
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal
from reception import events
from reception.actions.lines import LineDraft, add_on_drafts, discount_floor, drafts_of, fill_line, write_lines
from reception.actions.locking import locked_order, refuse_closed, saved, taken
from reception.actions.pricing import AgreedPrices
from reception.actions.progress import return_to_work
from reception.actions.promises import move_promise
from reception.actions.suggestions import suggest
from reception.actions.visits import take_photos
from reception.choices import IN_SHOP, AddOnState, AnswerWay, LineKind, OrderState, Payer, PhotoTopic, Urgency
from reception.models import AddOn, AddOnLine, RepairOrder, Suggestion

# What a change of a proposal may touch besides its lines.
FIELDS = ("reason", "urgency", "wanted_promise_at")


@transaction.atomic
def propose_add_on(
    *, order: RepairOrder, reason: str, urgency: Urgency = Urgency.SOON, lines: Sequence[LineDraft] = (),
    wanted_promise_at: datetime | None = None, photos: Sequence = (), by, at: datetime,
) -> AddOn:  # fmt: skip
    """Say what was found on a car in the shop and what it would cost; the advisor asks the customer.

    A technician may leave `lines` empty: the advisor prices the finding with `change_add_on` before asking. `photos`
    are uploads of what was found.
    """
    order = locked_order(order)
    refuse_closed(order)
    if order.state not in IN_SHOP:
        raise Refusal(
            _("The car of order %(number)s is not in the shop; write the work into its lines.")
            % {"number": order.number},
            code="not_in_shop",
        )
    _refuse_wrong_proposal(order, reason, wanted_promise_at, at)
    last = order.add_ons.order_by("-number").values_list("number", flat=True).first() or 0
    add_on = AddOn(
        order=order, number=last + 1, reason=reason.strip(), urgency=urgency, proposed_by=by, proposed_at=at,
        wanted_promise_at=wanted_promise_at,
    )  # fmt: skip
    rows = _rows(add_on, lines, by, at)
    add_on.save()
    AddOnLine.objects.bulk_create(rows)
    journal.record(
        by=by, at=at, verb="add_on.proposed", subject=add_on, store=order.store, changes=_told(rows)
    )  # fmt: skip
    _keep_photos(add_on, photos, by, at)
    if by != order.advisor:
        _tell_advisor(add_on, by, at)
    return add_on


@transaction.atomic
def change_add_on(
    *, add_on: AddOn, lines: Sequence[LineDraft] | None = None, photos: Sequence = (), by, at: datetime,
    expected_version: int | None = None, **fields,
) -> AddOn:  # fmt: skip
    """Change a proposal the customer has not answered: some of `FIELDS`, or all of its lines."""
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not a field of an add-on to change: {', '.join(sorted(unknown))}")
    add_on = locked_add_on(add_on, expected_version)
    _refuse_answered(add_on)
    before = {name: getattr(add_on, name) for name in fields}
    for name, value in fields.items():
        setattr(add_on, name, value.strip() if name == "reason" else value)
    _refuse_wrong_proposal(add_on.order, add_on.reason, add_on.wanted_promise_at, at)
    changes = journal.changed_fields(before, add_on)
    if lines is not None:
        old = list(add_on.lines.select_related("discount_approved_by"))
        new = _rows(add_on, lines, by, at, old)
        if _written(old) != _written(new):
            add_on.lines.all().delete()
            AddOnLine.objects.bulk_create(new)
            changes |= _told(new, old)
    if changes:
        _saved(add_on, *before)
        journal.record(by=by, at=at, verb="add_on.changed", subject=add_on, store=add_on.order.store, changes=changes)
    _keep_photos(add_on, photos, by, at)
    return add_on


@transaction.atomic
def agree_to_add_on(
    *, add_on: AddOn, answered_by: str, way: AnswerWay, answered_at: datetime | None = None, note: str = "",
    promised_at: datetime | None = None, by, at: datetime, expected_version: int | None = None,
) -> AddOn:  # fmt: skip
    """The customer agrees: the lines join the order; with `promised_at` the promise moves, confirmed by who agreed.

    A car that stands ready goes back to work when there is work to do.
    """
    add_on = locked_add_on(add_on, expected_version)
    order = add_on.order
    _refuse_wrong_answer(add_on, answered_by, way, answered_at, at)
    refuse_closed(order)
    drafts = add_on_drafts(add_on)
    if not drafts:
        raise Refusal(
            _("Add-on %(number)s has no lines yet: price it before the customer agrees.") % {"number": add_on.number},
            code="add_on_unpriced",
        )
    _note_answer(add_on, AddOnState.AGREED, answered_by, way, answered_at or at, note, by)
    write_lines(order, [*drafts_of(order), *drafts], by=by, at=at)
    saved(order)
    if promised_at and promised_at != order.promised_at:
        add_on.promise = move_promise(
            order=order, promised_at=promised_at, confirmed_by=add_on.answered_by[:60],
            reason=(_("Add-on %(number)s: %(reason)s") % {"number": add_on.number, "reason": add_on.reason})[:200],
            by=by, at=at,
        )  # fmt: skip
    _saved(add_on, *_ANSWER, "promise")
    if order.state == OrderState.READY and any(one.kind == LineKind.LABOUR for one in drafts):
        return_to_work(order=order, reason=_("Add-on %(number)s") % {"number": add_on.number}, by=by, at=at)
    journal.record(
        by=by, at=at, verb="add_on.agreed", subject=add_on, store=order.store, changes=_answer_told(add_on),
        note=add_on.answer_note,
    )  # fmt: skip
    events.add_on_answered.send(AddOn, add_on_id=add_on.pk, order_id=order.pk, at=at)
    return add_on


@transaction.atomic
def decline_add_on(
    *, add_on: AddOn, answered_by: str, way: AnswerWay, answered_at: datetime | None = None, note: str = "",
    is_suggested: bool = True, follow_up_on: date | None = None, by, at: datetime, expected_version: int | None = None,
) -> AddOn:  # fmt: skip
    """The customer declines: the order stays as it is; with `is_suggested` it is kept as a repair suggestion."""
    add_on = locked_add_on(add_on, expected_version)
    _refuse_wrong_answer(add_on, answered_by, way, answered_at, at)
    _note_answer(add_on, AddOnState.DECLINED, answered_by, way, answered_at or at, note, by)
    _saved(add_on, *_ANSWER)
    journal.record(
        by=by, at=at, verb="add_on.declined", subject=add_on, store=add_on.order.store, changes=_answer_told(add_on),
        note=add_on.answer_note,
    )  # fmt: skip
    if is_suggested:
        suggest_declined(add_on=add_on, follow_up_on=follow_up_on, by=by, at=at)
    events.add_on_answered.send(AddOn, add_on_id=add_on.pk, order_id=add_on.order_id, at=at)
    return add_on


@transaction.atomic
def suggest_declined(*, add_on: AddOn, follow_up_on: date | None = None, by, at: datetime) -> Suggestion:
    """Keep what was declined as a suggestion: its works are what should be done, its sum is the price quoted."""
    if add_on.state != AddOnState.DECLINED:
        raise Refusal(_("Add-on %(number)s was not declined.") % {"number": add_on.number}, code="add_on_not_declined")
    if Suggestion.objects.filter(add_on=add_on).exists():
        raise Refusal(
            _("Add-on %(number)s is a repair suggestion already.") % {"number": add_on.number}, code="suggested_already"
        )
    lines = list(add_on.lines.all())
    due = [line.payable_amount for line in lines if line.payer == Payer.CUSTOMER]
    return suggest(
        vehicle=add_on.order.vehicle, order=add_on.order, add_on=add_on,
        name="、".join(line.name for line in lines)[:120] or add_on.reason[:120], reason=add_on.reason,
        urgency=add_on.urgency, quoted_amount=sum(due, Decimal(0)) if lines else None, follow_up_on=follow_up_on,
        by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def withdraw_add_on(*, add_on: AddOn, reason: str, by, at: datetime, expected_version: int | None = None) -> AddOn:
    """Take a proposal back before the customer answered (asked twice, found to be wrong)."""
    add_on = locked_add_on(add_on, expected_version)
    _refuse_answered(add_on)
    if not reason.strip():
        raise Refusal(_("Say why the add-on is withdrawn."), field="reason", code="reason_missing")
    add_on.state, add_on.answer_note = AddOnState.WITHDRAWN, reason.strip()
    _saved(add_on, "state", "answer_note")
    journal.record(by=by, at=at, verb="add_on.withdrawn", subject=add_on, store=add_on.order.store, note=reason.strip())
    return add_on


def withdraw_proposals(order: RepairOrder, reason: str, *, by, at: datetime) -> None:
    """Take back everything an order still asks the customer: it is cancelled."""
    for add_on in order.add_ons.proposed():
        withdraw_add_on(add_on=add_on, reason=reason, by=by, at=at)


def locked_add_on(add_on: AddOn, expected_version: int | None = None) -> AddOn:
    """The add-on as it is now with its order locked first, like every deed on an order. Raises Stale."""
    order = locked_order(add_on.order)
    fresh = taken(add_on).select_related("proposed_by").get()
    fresh.order = order
    refuse_stale(fresh, expected_version)
    return fresh


# What an answer writes.
_ANSWER = ("state", "answered_by", "answer_way", "answered_at", "answer_note", "recorded_by")


def _note_answer(add_on: AddOn, state: AddOnState, answered_by, way, answered_at, note, by) -> None:
    add_on.state, add_on.answered_by, add_on.answer_way = state, answered_by.strip()[:80], way
    add_on.answered_at, add_on.answer_note, add_on.recorded_by = answered_at, note.strip(), by


def _saved(add_on: AddOn, *fields: str) -> None:
    add_on.version += 1
    add_on.save(update_fields=["version", *fields])


def _refuse_answered(add_on: AddOn) -> None:
    if add_on.state == AddOnState.PROPOSED:
        return
    if add_on.state == AddOnState.WITHDRAWN:
        raise Refusal(_("Add-on %(number)s is withdrawn.") % {"number": add_on.number}, code="add_on_withdrawn")
    raise Refusal(
        _("Add-on %(number)s is answered already: %(answer)s, %(name)s, %(time)s.")
        % {
            "number": add_on.number,
            "answer": add_on.get_state_display(),
            "name": add_on.answered_by,
            "time": f"{timezone.localtime(add_on.answered_at):%m-%d %H:%M}",
        },
        code="add_on_answered",
    )


def _refuse_wrong_answer(add_on: AddOn, answered_by: str, way, answered_at: datetime | None, at: datetime) -> None:
    _refuse_answered(add_on)
    if not answered_by.strip():
        raise Refusal(_("Name who answered."), field="answered_by", code="answerer_missing")
    if way not in AnswerWay.values:
        raise Refusal(_("Say how the customer answered."), field="way", code="way_missing")
    if answered_at is None:
        return
    if answered_at > at:
        raise Refusal(_("An answer can't lie in the future."), field="answered_at", code="answer_future")
    # Times are typed to the minute.
    if answered_at < add_on.proposed_at.replace(second=0, microsecond=0):
        raise Refusal(
            _("The customer can't have answered before the add-on was proposed (%(time)s).")
            % {"time": f"{timezone.localtime(add_on.proposed_at):%m-%d %H:%M}"},
            field="answered_at",
            code="answer_early",
        )


def _refuse_wrong_proposal(order: RepairOrder, reason: str, wanted_promise_at: datetime | None, at: datetime) -> None:
    if not reason.strip():
        raise Refusal(_("Say what was found."), field="reason", code="reason_missing")
    if wanted_promise_at is not None and wanted_promise_at <= at:
        raise Refusal(
            _("The delivery time with the add-on has passed already."), field="wanted_promise_at", code="promise_past"
        )


def _rows(add_on: AddOn, drafts: Sequence[LineDraft], by, at, former: Sequence[AddOnLine] = ()) -> list[AddOnLine]:
    """Unsaved lines at the price the customer is asked for: what was agreed counts here already, and the order takes
    over what is written. A discount somebody approved before stays approved as far as it went."""
    store, prices = add_on.order.store, AgreedPrices(add_on.order)
    before: dict[tuple, list[AddOnLine]] = {}
    for line in former:
        before.setdefault((line.kind, line.code, line.name), []).append(line)
    floor, rows = discount_floor(store, at), []
    for place, draft in enumerate(drafts, start=1):
        standing = before.get((draft.kind, draft.code, draft.name))
        row, known = AddOnLine(add_on=add_on), standing.pop(0) if standing else None
        draft = prices.proposed(row, draft, known)
        fill_line(row, draft, former=known, store=store, place=place, floor=floor, by=by)
        rows.append(row)
    return rows


def _written(lines) -> list[str]:
    return [
        f"{line.get_kind_display()} {line.code} {line.name} {line.quantity:.2f} × {line.unit_price:.2f} "
        f"-{line.discount_rate:.0%} = {line.payable_amount:.2f} {line.get_payer_display()} {line.price_basis} "
        f"{line.team_id or ''} {line.seller_id or ''} {line.installation_team_id or ''}"
        for line in lines
    ]


def _told(new, old=()) -> dict:
    """Lines for the journal: what came and what went."""

    def words(line):
        sum_up = f"{line.quantity:.2f} × {line.unit_price:,.2f} = {line.payable_amount:,.2f}"
        return f"{line.get_kind_display()} {line.name} {sum_up}"

    told = {f"line {number}": [None, words(line)] for number, line in enumerate(new, start=1)}
    for number, line in enumerate(old, start=1):
        told[f"line {number}"] = [words(line), told.get(f"line {number}", [None, None])[1]]
    return {name: pair for name, pair in told.items() if pair[0] != pair[1]}


def _answer_told(add_on: AddOn) -> dict:
    return {
        "answered_by": [None, add_on.answered_by],
        "answer_way": [None, add_on.answer_way],
        "answered_at": [None, add_on.answered_at],
    }


def _keep_photos(add_on: AddOn, photos: Sequence, by, at: datetime) -> None:
    if photos:
        take_photos(order=add_on.order, add_on=add_on, uploads=photos, topic=PhotoTopic.FINDING, by=by, at=at)


def _tell_advisor(add_on: AddOn, by, at: datetime) -> None:
    """The advisor asks the customer; without one the front desk does."""
    order = add_on.order
    people = [order.advisor] if order.advisor else staff_with_role(order.store, Role.FRONTDESK)
    notify(
        recipients=people,
        key=f"add_on:{add_on.pk}:proposed",
        text=_("%(plate)s: add-on to ask the customer about: %(reason)s (%(name)s)")
        % {"plate": order.vehicle.plate, "reason": add_on.reason, "name": by.name if by else ""},
        at=at,
        url=address_of("reception:order", args=[order.pk]) + "#add-ons",
    )
