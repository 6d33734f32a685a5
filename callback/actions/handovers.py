"""New cars handed to their owners (新车交付)."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from callback.actions.leads import closed_lead, locked_lead, reopen_won_leads
from callback.choices import LeadState, TaskState
from callback.events import new_car_handed_over, new_cars_imported
from callback.models import CallTask, Handover, Lead
from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Refusal
from reception.models import Customer, Vehicle

LONGEST_AGO = timedelta(days=366)


@transaction.atomic
def hand_over_new_car(
    *, store: Store, vehicle: Vehicle, handed_over_at: datetime, customer: Customer | None = None,
    salesperson: str = "", by: Staff | None, at: datetime,
) -> Handover:  # fmt: skip
    """Note that a new car was handed over, to its owner unless said otherwise. Announces `new_car_handed_over`."""
    vehicle = Vehicle.objects.select_for_update(of=["self"]).select_related("owner").get(pk=vehicle.pk)
    customer = customer or vehicle.owner
    if customer is None:
        raise Refusal(_("The car has no owner yet; enter whom it was handed to."), field="plate", code="owner_missing")
    known = Handover.objects.filter(vehicle=vehicle).first()
    if known:
        day = known.handed_over_at.astimezone(store.tz).date()
        raise Refusal(
            _("This car was handed over on %(day)s already; a car is new once.") % {"day": day},
            field="plate", code="handed_over_already",
        )  # fmt: skip
    if wrong := wrong_moment(handed_over_at, at):
        raise Refusal(wrong[1], field="handed_over_at", code=wrong[0])
    handover = Handover.objects.create(
        store=store, vehicle=vehicle, customer=customer, handed_over_at=handed_over_at,
        salesperson=salesperson.strip()[:40], noted_by=by, noted_at=at,
    )  # fmt: skip
    journal.record(by=by, at=at, verb="handover.noted", subject=handover, store=store, note=vehicle.plate)
    new_car_handed_over.send(Handover, handover_id=handover.pk, store_id=store.pk, at=at)
    return handover


@dataclass(frozen=True)
class KeptHandover:
    """A handover that comes from a list, with ids of rows."""

    store_id: int
    vehicle_id: int
    customer_id: int
    handed_over_at: datetime
    salesperson: str = ""


@transaction.atomic
def note_handovers(*, kept: list[KeptHandover], by: Staff | None, at: datetime) -> list[Handover]:
    """Keep many handovers at once; whoever calls has checked each (`wrong_moment`, a car is new once) and writes the
    journal. Announces `new_cars_imported` for every store."""
    made = Handover.objects.bulk_create(
        [Handover(**asdict(one), noted_by=by, noted_at=at) for one in kept], batch_size=2000
    )
    for store_id in sorted({one.store_id for one in kept}):
        new_cars_imported.send(Handover, store_id=store_id, at=at)
    return made


@transaction.atomic
def win_lead(
    *, lead: Lead, vehicle: Vehicle, handed_over_at: datetime, by: Staff, at: datetime,
    expected_version: int | None = None,
) -> Lead:  # fmt: skip
    """A lead has got its car: the handover is noted, which brings the calls after a purchase, unless somebody entered
    it already."""
    lead = locked_lead(lead, expected_version)
    handover = Handover.objects.filter(vehicle=vehicle, store=lead.store).first() or hand_over_new_car(
        store=lead.store, vehicle=vehicle, handed_over_at=handed_over_at, salesperson=lead.consultant, by=by, at=at
    )
    other = Lead.objects.filter(handover=handover).first()
    if other is not None:
        raise Refusal(_("This car was handed to the lead %(lead)s.") % {"lead": other}, field="plate", code="car_won")
    lead.state, lead.handover, lead.customer_id = LeadState.WON, handover, handover.customer_id
    return closed_lead(lead, "lead.won", vehicle.plate, by, at)


@transaction.atomic
def withdraw_handover(*, handover: Handover, reason: str, by: Staff, at: datetime) -> None:
    """Take back a handover that was entered by mistake; calls nobody has tried yet go with it."""
    handover = Handover.objects.select_for_update(of=["self"]).select_related("store", "vehicle").get(pk=handover.pk)
    if not reason.strip():
        raise Refusal(_("Say why the handover is taken back."), field="reason", code="reason_missing")
    CallTask.objects.filter(
        store=handover.store, source_key=f"handover:{handover.pk}", state=TaskState.OPEN, claimed_by=None
    ).update(state=TaskState.DROPPED, done_at=at, closing_reason=reason.strip()[:200], next_try_at=None, agent=None)
    journal.record(
        by=by, at=at, verb="handover.withdrawn", subject=handover, store=handover.store,
        note=f"{handover.vehicle.plate}: {reason.strip()}"[:200],
    )  # fmt: skip
    reopen_won_leads(handover=handover, by=by, at=at)
    handover.delete()


def wrong_moment(moment: datetime, at: datetime) -> tuple[str, str] | None:
    """Code and sentence of what is wrong with the moment of a handover, None where nothing is."""
    if moment > at:
        return "ahead", _("The handover lies ahead; enter it when the car is gone.")
    if moment < at - LONGEST_AGO:
        return "long_ago", _("The handover is more than a year ago; nobody is called about it any more.")
    return None
