"""Calls follow when two customers or cars become one. Runs inside the transaction that merges them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from callback.choices import LeadState, LostReason, TaskState
from callback.models import (
    CallRefusal,
    CallTask,
    CampaignMember,
    Contact,
    Handover,
    Lead,
    LeadTalk,
    Referral,
    ServiceRequest,
    ShowroomVisit,
)
from dealer_crm.journal import actions as journal


def follow_merged_customer(*, kept_id: int, double_id: int) -> None:
    if CallTask.objects.taken().filter(customer=kept_id).exists():  # one agent at a time is on the phone with them
        CallTask.objects.taken().filter(customer=double_id).update(claimed_by=None, claimed_at=None)
    CallTask.objects.filter(customer=double_id).update(customer=kept_id)
    Contact.objects.filter(customer=double_id).update(customer=kept_id)
    Handover.objects.filter(customer=double_id).update(customer=kept_id)
    Referral.objects.filter(customer=double_id).update(customer=kept_id)
    ServiceRequest.objects.filter(customer=double_id).update(customer=kept_id)
    theirs = CampaignMember.objects.filter(customer=double_id)
    theirs.exclude(campaign__members__customer=kept_id).update(customer=kept_id)
    CampaignMember.objects.filter(customer=double_id).delete()
    Lead.objects.filter(customer=double_id).update(customer=kept_id)
    known = CallRefusal.objects.filter(customer=kept_id).values("purpose")
    CallRefusal.objects.filter(customer=double_id).exclude(purpose__in=list(known)).update(customer=kept_id)
    CallRefusal.objects.filter(customer=double_id).delete()


def forget_dialled_numbers(*, customer_ids: list[int], phones: list[str], at: datetime, by=None) -> None:
    """The numbers that were dialled go with a customer who asks to be forgotten; that a call was made stays.

    A lead with one of the `phones` is the same person, though nobody knew it: what it says goes too, whatever the
    store, and one that was followed up is followed up no more.
    """
    Contact.objects.filter(customer__in=customer_ids).update(phone="", facts={})
    CallRefusal.objects.filter(customer__in=customer_ids).update(reason="")
    ServiceRequest.objects.filter(customer__in=customer_ids).update(caller_name="", caller_phone="", place="")
    leads = list(
        Lead.objects.filter(Q(customer__in=customer_ids) | Q(phone__in=phones) & ~Q(phone=""))
        .select_for_update(of=["self"])
        .select_related("store")
        .order_by("pk")
    )
    theirs = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    theirs.open().update(state=LeadState.LOST, lost_reason=LostReason.UNREACHABLE, closed_at=at, next_contact_on=None)
    theirs.update(name="", phone="", features="", lost_note="", version=F("version") + 1)
    LeadTalk.objects.filter(lead__in=leads).update(said="")
    ShowroomVisit.objects.filter(lead__in=leads).update(note="")
    for lead in leads:
        lead.name = lead.phone = ""  # what the journal calls it
    journal.record_many(
        journal.entry(by=by, at=at, verb="lead.forgotten", subject=lead, store=lead.store) for lead in leads
    )


@transaction.atomic
def follow_merged_vehicle(*, kept_id: int, double_id: int, at: datetime, by=None) -> None:
    """A reminder owed for both cars is called once: the double's own is closed unless an agent is on it."""
    CallTask.objects.filter(vehicle=double_id).update(vehicle=kept_id)
    Contact.objects.filter(vehicle=double_id).update(vehicle=kept_id)
    Referral.objects.filter(vehicle=double_id).update(vehicle=kept_id)
    ServiceRequest.objects.filter(vehicle=double_id).update(vehicle=kept_id)
    if kept := Handover.objects.filter(vehicle=kept_id).first():
        Lead.objects.filter(handover__vehicle=double_id).update(handover=kept)
        Handover.objects.filter(vehicle=double_id).delete()
    Handover.objects.filter(vehicle=double_id).update(vehicle=kept_id)
    own, theirs = f"vehicle:{kept_id}:", f"vehicle:{double_id}:"
    key = Concat(Value(own), Substr("source_key", len(theirs) + 1))
    of_double = CallTask.objects.filter(source_key__startswith=theirs).annotate(key_of_kept=key)
    owed_twice = Exists(CallTask.objects.filter(rule=OuterRef("rule"), source_key=OuterRef("key_of_kept")))
    of_double.filter(owed_twice, state=TaskState.OPEN, claimed_by=None).update(
        state=TaskState.DROPPED, done_at=at, next_try_at=None, agent=None, version=F("version") + 1,
        closing_reason=_("The same reminder is owed under the car it was merged into."),
    )  # fmt: skip
    of_double.filter(~owed_twice).update(source_key=key)
