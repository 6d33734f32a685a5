"""Service agreements (服务协议): prepared, approved by somebody else, applied and drawn down by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.urls import reverse as address_of
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.queries import figures, staff_with_role
from dealer_crm.values import Refusal, fen
from reception.actions.lines import drafts_of, write_lines
from reception.actions.locking import hold, locked_order, refuse_closed, saved, taken
from reception.actions.numbering import AGREEMENT, next_number
from reception.actions.receipts import draw_prepaid, return_prepaid
from reception.choices import AgreementKind, AgreementState, LineKind, Payer
from reception.formulas.agreements import draw_down
from reception.models import Agreement, AgreementItem, AgreementUse, Customer, RepairOrder, Settlement, Vehicle
from reception.queries.agreements import (
    Standing,
    agreements_counted,
    agreements_ending,
    agreements_of_order,
    overdue_to_end,
    standings,
)
from reception.queries.receivables import due_by_payer

# What a draft may hold; cars and items come beside it.
FIELDS = (
    "kind", "name", "starts_on", "ends_on", "labour_discount_rate", "part_discount_rate", "prepaid_amount",
    "response_hours", "has_priority", "terms",
)  # fmt: skip


@dataclass(frozen=True)
class ItemDraft:
    """A covered item as somebody wants it. `unit_price` None: free of charge; `times` None: any number of times."""

    kind: LineKind
    name: str
    code: str = ""
    unit_price: Decimal | None = None
    times: int | None = None


# ── Drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def draft_agreement(
    *, customer: Customer, store, by, at: datetime, vehicles: Sequence[Vehicle] = (), items: Sequence[ItemDraft] = (),
    **fields,
) -> Agreement:  # fmt: skip
    """Prepare an agreement (fields: see `FIELDS`); it holds once somebody else has approved it. They are told."""
    agreement = Agreement(store=store, customer=customer, made_by=by, made_at=at)
    _fill(agreement, fields, vehicles, items)
    agreement.number = next_number(model=Agreement, field="number", prefix=AGREEMENT, store=store, at=at)
    agreement.save()
    _write_parts(agreement, vehicles, items)
    journal.record(by=by, at=at, verb="agreement.drafted", subject=agreement)
    approving = [role for role, allowed in PERMISSIONS.items() if Permission.AGREEMENT_APPROVE in allowed]
    notify(
        recipients=[person for person in staff_with_role(store, *approving) if person != by],
        key=f"agreement:{agreement.pk}:to_approve",
        text=_("Agreement to approve: %(agreement)s (%(customer)s)")
        % {"agreement": agreement, "customer": customer.name},
        at=at,
        url=address_of("reception:agreement", args=[agreement.pk]),
    )
    return agreement


@transaction.atomic
def change_agreement(
    *, agreement: Agreement, by, at: datetime, vehicles: Sequence[Vehicle] = (), items: Sequence[ItemDraft] = (),
    expected_version: int | None = None, **fields,
) -> Agreement:  # fmt: skip
    """Change a draft; what was approved stands as it was agreed."""
    agreement = _locked(agreement, expected_version)
    _refuse_approved(agreement)
    before = {name: getattr(agreement, name) for name in FIELDS}
    was = _parts(agreement)
    _fill(agreement, fields, vehicles, items)
    agreement.version += 1
    agreement.save()
    _write_parts(agreement, vehicles, items)
    changes = journal.changed_fields(before, agreement)
    changes |= {name: [was[name], now] for name, now in _parts(agreement).items() if now != was[name]}
    journal.record(by=by, at=at, verb="agreement.changed", subject=agreement, changes=changes)
    return agreement


@transaction.atomic
def discard_agreement(*, agreement: Agreement, by, at: datetime) -> None:
    """A draft nobody wants any more; the journal keeps that there was one."""
    agreement = _locked(agreement)
    _refuse_approved(agreement)
    journal.record(by=by, at=at, verb="agreement.discarded", subject=agreement)
    agreement.delete()


@transaction.atomic
def renew_agreement(*, agreement: Agreement, by, at: datetime) -> Agreement:
    """The same once more as a draft, for the span after this one (or from today when that is over)."""
    today = at.astimezone(agreement.store.tz).date()
    starts_on = max(agreement.ends_on + timedelta(days=1), today)
    return draft_agreement(
        customer=agreement.customer, store=agreement.store, by=by, at=at, vehicles=list(agreement.vehicles.all()),
        items=[ItemDraft(one.kind, one.name, one.code, one.unit_price, one.times) for one in agreement.items.all()],
        **{name: getattr(agreement, name) for name in FIELDS}
        | {"starts_on": starts_on, "ends_on": starts_on + (agreement.ends_on - agreement.starts_on)},
    )  # fmt: skip


# ── Approval and end ─────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def approve_agreement(*, agreement: Agreement, by, at: datetime, expected_version: int | None = None) -> Agreement:
    """From now on it is applied by itself. `by` must hold AGREEMENT_APPROVE and be somebody else than who made it."""
    agreement = _locked(agreement, expected_version)
    if agreement.state != AgreementState.DRAFT:
        raise Refusal(_("%(agreement)s is approved already.") % {"agreement": agreement}, code="already_approved")
    if not by.can(Permission.AGREEMENT_APPROVE):
        raise Refusal(_("Your role does not approve agreements."), code="not_approver")
    if agreement.made_by_id == by.pk:
        raise Refusal(_("Nobody approves their own agreement; another person must."), code="own_approval")
    if agreement.ends_on < at.astimezone(agreement.store.tz).date():
        raise Refusal(_("Its term is over; change the days first."), code="term_over")
    agreement.state, agreement.approved_by, agreement.approved_at = AgreementState.ACTIVE, by, at
    _saved(agreement, "state", "approved_by", "approved_at")
    journal.record(by=by, at=at, verb="agreement.approved", subject=agreement)
    if agreement.made_by:
        notify(
            recipients=[agreement.made_by],
            key=f"agreement:{agreement.pk}:approved",
            text=_("Agreement %(agreement)s is approved.") % {"agreement": agreement},
            at=at,
            url=address_of("reception:agreement", args=[agreement.pk]),
        )
    return agreement


@transaction.atomic
def end_agreement(
    *, agreement: Agreement, reason: str, by, at: datetime, expected_version: int | None = None
) -> Agreement:
    """No car that comes from now on has it; cars that are in the shop keep what held when they came."""
    agreement = _locked(agreement, expected_version)
    if agreement.state != AgreementState.ACTIVE:
        raise Refusal(_("%(agreement)s is not in force.") % {"agreement": agreement}, code="not_in_force")
    if not reason.strip():
        raise Refusal(_("Say why the agreement ends."), field="reason", code="reason_missing")
    agreement.state, agreement.ended_at, agreement.end_reason = AgreementState.ENDED, at, reason.strip()
    _saved(agreement, "state", "ended_at", "end_reason")
    journal.record(by=by, at=at, verb="agreement.ended", subject=agreement, note=reason.strip())
    return agreement


@transaction.atomic
def end_expired(*, store, at: datetime) -> int:
    """Agreements whose last day has passed. Returns how many."""
    today = at.astimezone(store.tz).date()
    expired = list(overdue_to_end(store, today).select_for_update(of=("self",), skip_locked=True))
    for agreement in expired:
        agreement.state, agreement.ended_at = AgreementState.ENDED, at
        _saved(agreement, "state", "ended_at")
        journal.record(by=None, at=at, verb="agreement.ended", subject=agreement, store=store)
    return len(expired)


@transaction.atomic
def warn_of_running_out(*, store, at: datetime) -> int:
    """Tell the front desk, and who made it, once of each agreement that ends soon or is nearly used up."""
    today = at.astimezone(store.tz).date()
    held = figures("reception.agreement_", store=store, on=today)
    desk = list(staff_with_role(store, Role.FRONTDESK))
    told = 0
    for one in agreements_ending(store, until=today + timedelta(days=held["reception.agreement_warning_days"])):
        text = _("%(agreement)s of %(customer)s ends on %(day)s.")
        told += _warn(one, desk, "ending", text, at)
    counted = standings(agreements_counted(store))
    for standing in counted:
        low = standing.is_low(times=held["reception.agreement_low_times"], rate=held["reception.agreement_low_rate"])
        if low:
            text = _("%(agreement)s of %(customer)s is nearly used up.")
            told += _warn(standing.agreement, desk, "low", text, at)
    return told


def _warn(agreement: Agreement, desk, occasion: str, text: str, at) -> int:
    people = [*desk, *([agreement.made_by] if agreement.made_by and agreement.made_by.is_active else [])]
    return notify(
        recipients=people,
        key=f"agreement:{agreement.pk}:{occasion}",
        text=text % {"agreement": agreement, "customer": agreement.customer.name, "day": agreement.ends_on},
        at=at,
        url=address_of("reception:agreement", args=[agreement.pk]),
    )


# ── On an order ──────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def apply_terms(*, order: RepairOrder, by, at: datetime, expected_version: int | None = None) -> RepairOrder:
    """Offer the lines that stand what holds for the car, for example after an agreement was approved in between."""
    order = locked_order(order, expected_version)
    refuse_closed(order)
    leading = agreements_of_order(order).first()
    is_new = leading is not None and leading.pk != order.agreement_id
    order.agreement = leading or order.agreement
    if not write_lines(order, drafts_of(order), by=by, at=at, reprices=True) and not is_new:
        raise Refusal(
            _("No line of order %(number)s gets a better price.") % {"number": order.number}, code="nothing_better"
        )
    saved(order, "agreement")
    journal.record(by=by, at=at, verb="repair_order.agreement_applied", subject=order, note=str(order.agreement or ""))
    return order


@transaction.atomic
def draw_on_agreements(*, settlement: Settlement, by, at: datetime) -> list[AgreementUse]:
    """Take what a new settlement uses: a time for each line that stands on a covered item, and from prepaid balances
    what the customer owes, as far as they reach. Refused when two desks want the last time of an item.

    The order is locked before; the agreements are locked here, in the order of their ids, before anything is counted.
    """
    order = settlement.order
    lines = list(order.lines.filter(agreement_item__isnull=False).select_related("agreement_item").order_by("number"))
    prepaid = [one for one in agreements_of_order(order) if one.prepaid_amount]
    wanted = {line.agreement_item.agreement_id for line in lines} | {one.pk for one in prepaid}
    if not wanted:
        return []
    held = {one.agreement.pk: one for one in standings(_all_locked(wanted))}
    _refuse_used_up(lines, held)
    uses = [
        AgreementUse(
            agreement_id=line.agreement_item.agreement_id, item=line.agreement_item, settlement=settlement, line=line,
            times=1, at=at,
        )
        for line in lines
    ]  # fmt: skip
    due = due_by_payer(order)[Payer.CUSTOMER].open_amount
    purses = sorted((held[one.pk] for one in prepaid), key=lambda one: (one.agreement.ends_on, one.agreement.pk))
    for place, amount in draw_down(due, [(one.agreement.pk, one.balance) for one in purses]):
        agreement = held[place].agreement
        uses.append(AgreementUse(agreement=agreement, settlement=settlement, amount=amount, at=at))
        draw_prepaid(order, amount=amount, agreement=str(agreement), by=by, at=at)
    AgreementUse.objects.bulk_create(uses)
    _note_uses("agreement.drawn", uses, held, settlement, by, at)
    return uses


@transaction.atomic
def put_back(*, settlement: Settlement, by, at: datetime) -> list[AgreementUse]:
    """Give back what a reversed settlement took, by opposite rows; what was paid from a balance is refunded to it."""
    uses = list(settlement.uses.filter(undoes=None, undone_by=None))
    if not uses:
        return []
    held = {one.agreement.pk: one for one in standings(_all_locked({use.agreement_id for use in uses}))}
    undone = [
        AgreementUse(
            agreement_id=use.agreement_id, item_id=use.item_id, settlement=settlement, line_id=use.line_id,
            times=-use.times, amount=-use.amount, undoes=use, at=at,
        )
        for use in uses
    ]  # fmt: skip
    AgreementUse.objects.bulk_create(undone)
    return_prepaid(settlement.order, by=by, at=at)
    _note_uses("agreement.put_back", undone, held, settlement, by, at)
    return undone


def _refuse_used_up(lines, held: dict[int, Standing]) -> None:
    left = {one.item.pk: one.left for standing in held.values() for one in standing.items}
    for line in lines:
        item = line.agreement_item
        if left[item.pk] is None:
            continue
        left[item.pk] -= 1
        if left[item.pk] < 0:
            raise Refusal(
                _("Line %(line)s stands on “%(item)s” of agreement %(agreement)s, which is used up. Change its price.")
                % {"line": line.number, "item": item.name, "agreement": held[item.agreement_id].agreement.number},
                code="agreement_used_up",
            )


def _note_uses(verb: str, uses, held, settlement: Settlement, by, at) -> None:
    for place, standing in held.items():
        own = [use for use in uses if use.agreement_id == place]
        times, amount = sum(use.times for use in own), sum((use.amount for use in own), Decimal(0))
        if not own:
            continue
        changes = {"times": [None, times]} if times else {}
        if amount:
            changes["prepaid"] = [standing.balance, standing.balance - amount]
        journal.record(
            by=by, at=at, verb=verb, subject=standing.agreement, store=settlement.order.store, changes=changes,
            note=settlement.number,
        )  # fmt: skip


# ── Below ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _locked(agreement: Agreement, expected_version: int | None = None) -> Agreement:
    fresh = taken(agreement, no_key=True).select_related("store", "customer", "made_by").first()
    if fresh is None:
        raise Refusal(_("This draft was discarded in the meantime."), code="discarded")
    refuse_stale(fresh, expected_version)
    return fresh


def _all_locked(ids) -> list[Agreement]:
    """Orders may go on naming them: another car of the fleet comes in while one is settled."""
    rows = Agreement.objects.filter(pk__in=ids)
    hold(rows, no_key=True)
    return list(rows.order_by("pk"))


def _saved(agreement: Agreement, *fields: str) -> None:
    agreement.version += 1
    agreement.save(update_fields=["version", *fields])


def _refuse_approved(agreement: Agreement) -> None:
    if agreement.state != AgreementState.DRAFT:
        raise Refusal(
            _("%(agreement)s was approved and stands as agreed. End it and make a new one.") % {"agreement": agreement},
            code="already_approved",
        )


def _fill(agreement: Agreement, fields: dict, vehicles: Sequence[Vehicle], items: Sequence[ItemDraft]) -> None:
    """The draft with what was typed; refuses what is wrong with it."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an agreement: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(agreement, name, value)
    agreement.name = " ".join((agreement.name or "").split())
    agreement.terms = (agreement.terms or "").strip()
    agreement.prepaid_amount = fen(agreement.prepaid_amount or 0)
    if not agreement.name:
        raise Refusal(_("Give the agreement a name."), field="name", code="name_missing")
    if agreement.ends_on < agreement.starts_on:
        raise Refusal(_("The agreement can't end before it begins."), field="ends_on", code="ends_early")
    for name in ("labour_discount_rate", "part_discount_rate"):
        if not 0 <= getattr(agreement, name) <= 1:
            raise Refusal(_("A discount lies between 0 and 100%."), field=name, code="discount_wrong")
    if agreement.prepaid_amount < 0:
        raise Refusal(_("The prepaid amount can't be negative."), field="prepaid_amount", code="prepaid_negative")
    _refuse_strange_cars(agreement, vehicles)
    _refuse_wrong_items(items)
    _refuse_empty(agreement, items)


def _refuse_strange_cars(agreement: Agreement, vehicles: Sequence[Vehicle]) -> None:
    for vehicle in vehicles:
        if vehicle.owner_id != agreement.customer_id:
            raise Refusal(
                _("%(plate)s does not belong to %(customer)s.")
                % {"plate": vehicle.plate, "customer": agreement.customer.name},
                field="vehicles",
                code="strange_car",
            )


def _refuse_wrong_items(items: Sequence[ItemDraft]) -> None:
    for place, item in enumerate(items, start=1):
        if not item.name.strip():
            raise Refusal(_("Item %(place)s: say what is covered.") % {"place": place}, code="item_name_missing")
        if item.unit_price is not None and item.unit_price < 0:
            raise Refusal(_("Item %(place)s: the price can't be negative.") % {"place": place}, code="item_price_wrong")
        if item.times is not None and item.times < 1:
            raise Refusal(
                _("Item %(place)s: once at least, or empty for any number of times.") % {"place": place},
                code="item_times_wrong",
            )


def _refuse_empty(agreement: Agreement, items: Sequence[ItemDraft]) -> None:
    if agreement.kind == AgreementKind.PACKAGE and not items:
        raise Refusal(_("A package needs the items it covers."), code="package_empty")
    if agreement.kind == AgreementKind.PREPAID and not agreement.prepaid_amount:
        raise Refusal(_("Say how much was prepaid."), field="prepaid_amount", code="prepaid_missing")
    gives = (
        items, agreement.labour_discount_rate, agreement.part_discount_rate, agreement.prepaid_amount,
        agreement.response_hours, agreement.has_priority, agreement.terms,
    )  # fmt: skip
    if not any(gives):
        raise Refusal(_("Say what is agreed: items, a discount, a prepaid amount or how fast."), code="agreement_empty")


def _write_parts(agreement: Agreement, vehicles: Sequence[Vehicle], items: Sequence[ItemDraft]) -> None:
    """Cars and items of a draft, made exactly these; nothing stands on the items of a draft yet."""
    agreement.vehicles.set(vehicles)
    agreement.items.all().delete()
    AgreementItem.objects.bulk_create(
        AgreementItem(
            agreement=agreement, kind=item.kind, code=item.code.strip(), name=" ".join(item.name.split()),
            unit_price=None if item.unit_price is None else fen(item.unit_price), times=item.times,
        )
        for item in items
    )  # fmt: skip


def _parts(agreement: Agreement) -> dict:
    """Cars and items as the journal tells them."""
    items = [
        f"{item.get_kind_display()} {item.name} {'' if item.unit_price is None else item.unit_price} "
        + (ngettext("%(count)s time", "%(count)s times", item.times) % {"count": item.times} if item.times else "")
        for item in agreement.items.all()
    ]
    return {
        "vehicles": ", ".join(vehicle.plate for vehicle in agreement.vehicles.order_by("plate")),
        "items": "; ".join(" ".join(item.split()) for item in items),
    }
