from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from satisfaction.choices import Aspect, Construct, QuestionKind, QuestionnaireKind
from satisfaction.formulas import counted
from satisfaction.formulas.scores import LEVEL_COUNTS
from satisfaction.models import Answer, Flag
from satisfaction.settings import BAD_SCORE


@transaction.atomic
def deal_with_flag(*, flag: Flag, result: str, by, at: datetime) -> Flag:
    """Say what was done about a bad answer. Refused without a word of it, and when somebody else was faster."""
    flag = Flag.objects.select_for_update(of=("self",)).select_related("store", "dealt_by").get(pk=flag.pk)
    result = result.strip()
    if flag.dealt_at:
        raise Refusal(
            _("%(person)s has dealt with this already: %(result)s") % {"person": flag.dealt_by, "result": flag.result},
            code="dealt_already",
        )
    if not result:
        raise Refusal(_("Say what was done for the customer."), field="result")
    flag.dealt_at, flag.dealt_by, flag.result = at, by, result[:300]
    flag.save(update_fields=["dealt_at", "dealt_by", "result"])
    journal.record(by=by, at=at, verb="flag.dealt_with", subject=flag, note=flag.result)
    return flag


@transaction.atomic
def flag_bad_answers(*, store, since: datetime, by, at: datetime) -> int:
    """Raise the flags of answers that were written past `record_response` (seeded months). Returns how many are new.

    The same rule as `formulas.is_bad`; flagged answers keep their flag. What was expected is no experience, and what
    the staff said is nobody's to deal with one by one.
    """
    limit = figure(BAD_SCORE, store=store, on=at.astimezone(store.tz).date())
    levels = [level for level in LEVEL_COUNTS if counted(QuestionKind.LEVEL, level) <= limit]
    bad = (
        Q(question__kind__in=[QuestionKind.SCORE, QuestionKind.RECOMMEND], score__lte=limit)
        | Q(question__kind=QuestionKind.LEVEL, score__in=levels)
        | Q(question__kind=QuestionKind.YES_NO, question__flags_no=True, score=0)
    )
    answers = Answer.objects.filter(bad, response__store=store, response__answered_at__gte=since, flag=None)
    answers = answers.filter(question__aspect=Aspect.PERCEPTION).exclude(
        Q(question__construct=Construct.EXPECTATION) | Q(question__version__questionnaire__kind=QuestionnaireKind.STAFF)
    )
    flags = [
        Flag(answer_id=answer, store=store, raised_at=answered_at)
        for answer, answered_at in answers.values_list("pk", "response__answered_at")
    ]
    return len(Flag.objects.bulk_create(flags, batch_size=5000, ignore_conflicts=True))
