"""转单: a customer's question goes to a department and comes back as an answer the customer hears.

Source: spec `callback.md`, the daily queue (referrals).
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from callback.actions.checks import clock, refuse_stranger, said
from callback.choices import OPEN_REFERRALS, ReferralState
from callback.models import CallTask, Contact, Referral, ReferralTime
from callback.queries.referrals import answers_overdue, times_to_remind
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.notices.actions import notify
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import staff_with_role
from dealer_crm.values import Refusal
from reception.models import Customer, RepairOrder, Vehicle


@transaction.atomic
def refer(
    *,
    store: Store,
    customer: Customer,
    question: str,
    department: str,
    person: Staff,
    answer_by: datetime,
    by: Staff,
    at: datetime,
    promised_at: datetime | None = None,
    vehicle: Vehicle | None = None,
    order: RepairOrder | None = None,
    task: CallTask | None = None,
    contact: Contact | None = None,
) -> Referral:
    """Hand a customer's question to somebody of a department, who is told at once.

    Refused: no question, somebody of another store, a time that is over, an answer for another day with no time agreed
    with the customer (`promised_at`), one agreed on before the answer is there.
    """
    question = said(question, "question", _("Write down what the customer wants to know."))
    refuse_stranger(store, person)
    _refuse_times(store, answer_by, promised_at, at)
    made = Referral.objects.create(
        store=store, customer=customer, vehicle=vehicle, order=order, task=task, contact=contact, question=question,
        department=department, person=person, asked_by=by, asked_at=at, handed_at=at, answer_by=answer_by,
    )  # fmt: skip
    if promised_at:
        ReferralTime.objects.create(referral=made, promised_at=promised_at, made_by=by, made_at=at)
    if task:
        CallTask.objects.filter(pk=task.pk, claimed_by=by).update(claimed_at=at)
    journal.record(by=by, at=at, verb="referral.made", subject=made, note=f"{person} {clock(store, answer_by)}")
    _tell_person(made, at)
    return made


@transaction.atomic
def answer_referral(
    *, referral: Referral, answer: str, by: Staff, at: datetime, expected_version: int | None = None
) -> Referral:
    """Write down the department's answer: who was asked, or the call centre that heard it from them."""
    referral = _locked(referral, expected_version)
    _refuse_other_than(referral, ReferralState.ASKED)
    if by.pk != referral.person_id and not by.can(Permission.CALL_TAKE):
        raise Refusal(_("%(person)s was asked, not you.") % {"person": referral.person}, code="not_asked")
    referral.answer = said(answer, "answer", _("Write down the answer."))
    referral.answered_by, referral.answered_at, referral.state = by, at, ReferralState.ANSWERED
    _keep(referral, "answered", by, at, referral.answer, "answer", "answered_by", "answered_at", "state")
    notify(
        recipients=[referral.asked_by],
        key=f"referral:{referral.pk}:answered:{referral.version}",
        text=_("%(customer)s: %(person)s has answered; tell the customer.")
        % {"customer": referral.customer, "person": by},
        url=reverse("callback:referral", args=[referral.pk]),
        at=at,
    )
    return referral


@transaction.atomic
def hand_on_referral(
    *,
    referral: Referral,
    department: str,
    person: Staff,
    answer_by: datetime,
    by: Staff,
    at: datetime,
    expected_version: int | None = None,
) -> Referral:
    """Ask somebody else, or the same person once more by another time; an answer that was not enough stays in the
    journal."""
    referral = _locked(referral, expected_version)
    _refuse_ended(referral)
    refuse_stranger(referral.store, person)
    promised = referral.times.filter(ended_at=None).first()
    _refuse_times(referral.store, answer_by, promised.promised_at if promised else None, at)
    note = f"{referral.person} → {person} {clock(referral.store, answer_by)}"
    referral.department, referral.person, referral.answer_by, referral.handed_at = department, person, answer_by, at
    referral.answer, referral.answered_by, referral.answered_at = "", None, None
    referral.state, referral.reminded_at = ReferralState.ASKED, None
    _keep(
        referral, "handed_on", by, at, note, "department", "person", "answer_by", "handed_at", "answer",
        "answered_by", "answered_at", "state", "reminded_at",
    )  # fmt: skip
    _tell_person(referral, at)
    return referral


@transaction.atomic
def agree_on_time(
    *,
    referral: Referral,
    promised_at: datetime,
    by: Staff,
    at: datetime,
    reason: str = "",
    expected_version: int | None = None,
) -> ReferralTime:
    """Agree with the customer when they hear from us; a time agreed on before gives way to it and stays to be seen."""
    referral = _locked(referral, expected_version)
    _refuse_ended(referral)
    if promised_at <= at:
        raise Refusal(_("The time agreed on lies in the past."), field="promised_at", code="promise_past")
    referral.times.filter(ended_at=None).update(ended_at=at, was_replaced=True)
    made = ReferralTime.objects.create(
        referral=referral, promised_at=promised_at, made_by=by, made_at=at, reason=reason.strip()[:200]
    )
    _keep(referral, "time_agreed", by, at, f"{clock(referral.store, promised_at)} {made.reason}".strip())
    return made


@transaction.atomic
def confirm_referral(
    *, referral: Referral, result: str, by: Staff, at: datetime, expected_version: int | None = None
) -> Referral:
    """The customer was told and says what they make of it; with that the referral is over.

    Refused before the department has answered.
    """
    referral = _locked(referral, expected_version)
    _refuse_other_than(referral, ReferralState.ANSWERED)
    return _end(referral, ReferralState.CONFIRMED, "confirmed", result, by, at)


@transaction.atomic
def withdraw_referral(
    *, referral: Referral, reason: str, by: Staff, at: datetime, expected_version: int | None = None
) -> Referral:
    """Nobody needs the answer any more; why is said."""
    referral = _locked(referral, expected_version)
    _refuse_ended(referral)
    return _end(referral, ReferralState.WITHDRAWN, "withdrawn", reason, by, at)


@transaction.atomic
def remind_of_referrals(*, store: Store, by=None, at: datetime) -> int:
    """Tell of answers that are late, and of times agreed with customers that have come with no result; each once.

    The rows are marked in the transaction that tells: late, doubled or killed, nothing is lost and nothing told twice.
    """
    late, come = list(answers_overdue(store=store, at=at)), list(times_to_remind(store=store, at=at))
    supervisors = list(staff_with_role(store, Role.CRC)) if late or come else []
    for one in late:
        notify(
            recipients=[one.person, one.asked_by, *supervisors],
            key=f"referral:{one.pk}:late:{one.answer_by:%y%m%d%H%M}",
            text=_("%(customer)s: the answer of %(person)s was due at %(when)s.")
            % {"customer": one.customer, "person": one.person, "when": clock(store, one.answer_by)},
            url=reverse("callback:referral_answer", args=[one.pk]),
            at=at,
        )
    for one in come:
        notify(
            recipients=[one.made_by, one.referral.asked_by, *supervisors],
            key=f"referral_time:{one.pk}",
            text=_("%(customer)s was promised %(when)s and has heard nothing yet.")
            % {"customer": one.referral.customer, "when": clock(store, one.promised_at)},
            url=reverse("callback:referral", args=[one.referral_id]),
            at=at,
        )
    Referral.objects.filter(pk__in=[one.pk for one in late]).update(reminded_at=at)
    ReferralTime.objects.filter(pk__in=[one.pk for one in come]).update(reminded_at=at)
    return len(late) + len(come)


def _locked(referral: Referral, expected_version: int | None) -> Referral:
    fresh = (
        Referral.objects.select_for_update(of=["self"])
        .select_related("store", "customer", "person", "asked_by")
        .get(pk=referral.pk)
    )
    refuse_stale(fresh, expected_version)
    return fresh


def _refuse_ended(referral: Referral) -> None:
    if referral.state not in OPEN_REFERRALS:
        raise Refusal(_("This referral is over already."), code="referral_ended")


def _refuse_other_than(referral: Referral, state: ReferralState) -> None:
    _refuse_ended(referral)
    if referral.state != state:
        raise Refusal(
            _("The department has not answered yet.")
            if state == ReferralState.ANSWERED
            else _("This question is answered already."),
            code="not_answered" if state == ReferralState.ANSWERED else "answered",
        )


def _refuse_times(store: Store, answer_by: datetime, promised_at: datetime | None, at: datetime) -> None:
    if answer_by <= at:
        raise Refusal(_("The answer can't be due in the past."), field="answer_by", code="answer_past")
    is_today = answer_by.astimezone(store.tz).date() == at.astimezone(store.tz).date()
    if promised_at is None and not is_today:
        raise Refusal(
            _("The answer comes on another day: agree with the customer on a time to call."),
            field="promised_at",
            code="no_time_agreed",
        )
    if promised_at is not None and promised_at < answer_by:
        raise Refusal(
            _("The time agreed with the customer lies before the answer."),
            field="promised_at",
            code="promised_before_answer",
        )


def _end(referral: Referral, state: ReferralState, verb: str, text: str, by: Staff, at: datetime) -> Referral:
    missing = _("Write down what the customer says to it.") if state == ReferralState.CONFIRMED else _("Say why.")
    referral.result = said(text, "result" if state == ReferralState.CONFIRMED else "reason", missing)
    referral.state, referral.ended_by, referral.ended_at = state, by, at
    referral.times.filter(ended_at=None).update(ended_at=at)
    return _keep(referral, verb, by, at, referral.result, "result", "state", "ended_by", "ended_at")


def _keep(referral: Referral, verb: str, by: Staff, at: datetime, note: str, *fields: str) -> Referral:
    referral.version = F("version") + 1
    referral.save(update_fields=[*fields, "version"])
    referral.refresh_from_db(fields=["version"])
    journal.record(by=by, at=at, verb=f"referral.{verb}", subject=referral, note=note[:300])
    return referral


def _tell_person(referral: Referral, at: datetime) -> None:
    notify(
        recipients=[referral.person],
        key=f"referral:{referral.pk}:asked:{referral.version}",
        text=_("A customer's question for you, answer by %(when)s: %(question)s")
        % {"when": clock(referral.store, referral.answer_by), "question": referral.question[:120]},
        url=reverse("callback:referral_answer", args=[referral.pk]),
        at=at,
    )
