"""Bad answers: raised, given to somebody, reminded of, dealt with. Source: spec `satisfaction.md`, "A bad answer"."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import figure, figures
from dealer_crm.values import Refusal
from satisfaction.choices import Aspect, Construct, QuestionKind, QuestionnaireKind
from satisfaction.formulas import counted
from satisfaction.formulas.scores import LEVEL_COUNTS
from satisfaction.models import Answer, Flag
from satisfaction.settings import BAD_SCORE, FLAG_HOURS, FLAG_WARNING_HOURS


@transaction.atomic
def deal_with_flag(*, flag: Flag, result: str, by, at: datetime) -> Flag:
    """Say what was done about a bad answer. Refused without a word of it, and when somebody else was faster."""
    flag = _locked(flag)
    result = result.strip()
    if not result:
        raise Refusal(_("Say what was done for the customer."), field="result")
    flag.dealt_at, flag.dealt_by, flag.result = at, by, result[:300]
    flag.save(update_fields=["dealt_at", "dealt_by", "result"])
    journal.record(by=by, at=at, verb="flag.dealt_with", subject=flag, note=flag.result)
    return flag


@transaction.atomic
def assign_flag(*, flag: Flag, owner, by, at: datetime) -> Flag:
    """Say who speaks with the customer; they are told. Refused for another store's people and once it is dealt with."""
    flag = _locked(flag)
    if owner.store_id != flag.store_id:
        raise Refusal(_("%(person)s does not work in this store.") % {"person": owner}, field="owner")
    if flag.owner_id == owner.pk:
        return flag
    changes = {"in_charge": [str(flag.owner or ""), str(owner)]}
    flag.owner = owner
    flag.save(update_fields=["owner"])
    journal.record(by=by, at=at, verb="flag.assigned", subject=flag, changes=changes)
    if owner != by:
        response = flag.answer.response
        about = response.customer or response.order or ""
        notices.notify(
            recipients=[owner],
            key=f"flag:{flag.pk}:owner:{owner.pk}",
            text=_("Speak with %(customer)s: “%(factor)s” was answered badly")
            % {"customer": about, "factor": flag.answer.question.name},
            url=reverse("satisfaction:flags"),
            at=at,
        )
    return flag


@transaction.atomic
def hand_flags_to_complaint(*, order, customer, number: str, url: str, by, at: datetime) -> int:
    """The matter became a complaint: the open bad answers of its visit are dealt with there from now on.

    `order` and `customer` are ids; without an order the customer's answers without one are meant. Called by the
    complaints, which stand above. Returns how many it took over.
    """
    about = Q(answer__response__order=order) if order else Q(answer__response__order=None)
    if not order and not customer:
        return 0
    if customer and not order:
        about &= Q(answer__response__customer=customer)
    flags = list(Flag.objects.select_for_update(of=("self",)).select_related("store").undealt().filter(about))
    for flag in flags:
        flag.complaint_number, flag.complaint_url = number, url
        flag.dealt_at, flag.dealt_by = at, by
        flag.result = _("Became complaint %(number)s") % {"number": number}
        flag.save(update_fields=["complaint_number", "complaint_url", "dealt_at", "dealt_by", "result"])
        journal.record(by=by, at=at, verb="flag.became_complaint", subject=flag, note=number)
    return len(flags)


@transaction.atomic
def remind_of_flags(*, store, at: datetime) -> int:
    """Remind once of bad answers that are nearly due: their owners, and of those nobody has who deals with them.

    One notice for each person, however many there are. Returns how many flags were reminded of.
    """
    hours = figure(FLAG_WARNING_HOURS, store=store, on=at.astimezone(store.tz).date())
    nearly = Flag.objects.select_for_update(skip_locked=True).filter(
        store=store, dealt_at=None, reminded_at=None, due_at__lte=at + timedelta(hours=hours)
    )
    flags = list(nearly.order_by("pk"))
    if not flags:
        return 0
    Flag.objects.filter(pk__in=[flag.pk for flag in flags]).update(reminded_at=at)
    owners = Staff.objects.in_bulk({flag.owner_id for flag in flags if flag.owner_id})
    for owner_id in {flag.owner_id for flag in flags}:
        its = [flag for flag in flags if flag.owner_id == owner_id]
        notices.notify(
            recipients=[owners[owner_id]] if owner_id else _dealers(store),
            key=f"flags:{its[0].pk}:due:{owner_id or ''}",
            text=ngettext(
                "%(count)d bad answer is to be dealt with by %(moment)s",
                "%(count)d bad answers are to be dealt with, the first by %(moment)s",
                len(its),
            )
            % {"count": len(its), "moment": f"{min(one.due_at for one in its).astimezone(store.tz):%m-%d %H:%M}"},
            url=reverse("satisfaction:flags"),
            at=at,
        )
    return len(flags)


@transaction.atomic
def flag_bad_answers(*, store, since: datetime, by, at: datetime) -> int:
    """Raise the flags of answers that were written past `record_response` (seeded months). Returns how many are new.

    The same rule as `formulas.is_bad` and `Question.asks_experience`; flagged answers keep their flag, and the staff's
    sheets raise none.
    """
    held = figures("satisfaction.", store=store, on=at.astimezone(store.tz).date())
    limit, given = held[BAD_SCORE.code], timedelta(hours=held[FLAG_HOURS.code])
    levels = [level for level in LEVEL_COUNTS if counted(QuestionKind.LEVEL, level) <= limit]
    bad = (
        Q(question__kind__in=[QuestionKind.SCORE, QuestionKind.RECOMMEND], score__lte=limit)
        | Q(question__kind=QuestionKind.LEVEL, score__in=levels)
        | Q(question__kind=QuestionKind.YES_NO, question__flags_no=True, score=0)
    )
    answers = Answer.objects.filter(
        bad, response__store=store, response__answered_at__gte=since, flag=None,
        question__aspect=Aspect.PERCEPTION,
    ).exclude(question__construct=Construct.EXPECTATION)  # fmt: skip
    answers = answers.exclude(response__version__questionnaire__kind=QuestionnaireKind.STAFF)
    flags = [
        Flag(answer_id=answer, store=store, raised_at=answered_at, due_at=answered_at + given)
        for answer, answered_at in answers.values_list("pk", "response__answered_at")
    ]
    return len(Flag.objects.bulk_create(flags, batch_size=5000, ignore_conflicts=True))


def _locked(flag: Flag) -> Flag:
    flags = Flag.objects.select_for_update(of=("self",)).select_related(
        "store", "dealt_by", "owner", "answer__question", "answer__response__customer", "answer__response__order"
    )
    flag = flags.get(pk=flag.pk)
    if flag.dealt_at:
        raise Refusal(
            _("%(person)s has dealt with this already: %(result)s")
            % {"person": flag.dealt_by or flag.complaint_number, "result": flag.result},
            code="dealt_already",
        )
    return flag


def _dealers(store) -> list[Staff]:
    people = Staff.objects.filter(store=store, is_active=True)
    return [person for person in people if person.can(Permission.FLAG_DEAL)]
