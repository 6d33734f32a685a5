"""Taking down what customers answered, and flagging what must be dealt with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures
from dealer_crm.values import Refusal
from satisfaction.choices import QuestionKind, QuestionnaireKind, ResponseSource
from satisfaction.events import bad_answer_flagged, response_recorded
from satisfaction.formulas import is_bad
from satisfaction.models import Answer, Flag, Question, QuestionnaireVersion, Response
from satisfaction.settings import BAD_SCORE, FLAG_HOURS

# The lowest and the highest value of each kind that is a number, on its own scale.
SCALES = {
    QuestionKind.SCORE: (1, 10),
    QuestionKind.LEVEL: (1, 5),
    QuestionKind.YES_NO: (0, 1),
    QuestionKind.RECOMMEND: (0, 10),
}


@transaction.atomic
def record_response(
    *,
    version: QuestionnaireVersion,
    store,
    order,
    customer,
    source: ResponseSource,
    answered_at: datetime,
    answers: Mapping[str, object],
    taken_by,
    by,
    at: datetime,
    number: str | None = None,
    vehicle=None,
) -> Response:
    """Take down one customer's answers: question code → value.

    Values: a whole score 1–10, a level 1–5 (5 = very satisfied), True or False, 0–10 for the recommend question, a
    choice or free text as a string. None and "" mean "not answered" and are left out. `number` is the source's own key
    (`link:RO-1`, `call:17`): the same key is taken down once.

    Refused: a version that is not published, a questionnaire of the factory (it comes as a workbook) or of the staff
    (anonymous), a moment still to come, an unknown code, a value off its scale, nothing answered at all, a key that was
    taken down before (code "answered_already"), an order of another store. Every answer that is bad raises a flag.
    Announces `response_recorded` and, for each flag, `bad_answer_flagged`.
    Source: spec `satisfaction.md`.
    """
    if version.published_at is None:
        raise Refusal(_("%(version)s is not published yet; nobody can be asked with it.") % {"version": version})
    _refuse_kind(version)
    if answered_at > at:
        raise Refusal(_("The answers can't have been given in the future."), field="answered_at", code="future")
    if order is not None and order.store_id != store.pk:
        raise Refusal(_("Order %(order)s belongs to another store.") % {"order": order}, field="order")
    if number and Response.objects.filter(number=number).exists():
        raise _answered_already()
    rows = read_answers(version, answers)
    response = Response(
        number=number or None,
        version=version,
        store=store,
        order=order,
        customer=customer if customer is not None else getattr(order, "customer", None),
        vehicle=vehicle if vehicle is not None else getattr(order, "vehicle", None),
        advisor_id=getattr(order, "advisor_id", None),
        source=source,
        answered_at=answered_at,
        taken_by=taken_by,
    )
    # Two with the same key at the same moment: the second waits for the first on the unique index.
    if not _insert_once(response):
        raise _answered_already()
    for row in rows:
        row.response = response
    Answer.objects.bulk_create(rows)
    flags = _raise_flags([response], rows, {store.pk: _flag_rule(store, answered_at)}, at=at)
    journal.record(by=by, at=at, verb="response.recorded", subject=response, store=store, note=number or "")
    response_recorded.send(Response, response_id=response.pk, at=at)
    for flag in flags:
        bad_answer_flagged.send(Flag, flag_id=flag.pk, response_id=response.pk, at=at)
    return response


@dataclass(frozen=True)
class KeptAnswers:
    """One response of a workbook: its key, whose it is, and the scores given, question code → value."""

    number: str
    store_id: int
    order_id: int | None
    customer_id: int | None
    advisor_id: int | None
    answered_at: datetime
    taken_by_id: int | None
    answers: Mapping[str, object] = field(default_factory=dict)
    vehicle_id: int | None = None


@transaction.atomic
def record_responses(
    *, version: QuestionnaireVersion, source: ResponseSource, kept: Sequence[KeptAnswers], by, at: datetime
) -> dict[str, int]:
    """Take down many responses at once (imports, seed). Returns number → id of the response.

    A number that is there already gets the answers that differ or are new; none is taken away and nothing else of it
    changes. Rows without any answer are passed over. Refuses like `record_response`; nothing is kept then. Events are
    not sent one by one: who brings many rows announces them together.
    """
    rows = {row.number: (row, read_answers(version, row.answers)) for row in kept if _given(row.answers)}
    there = {response.number: response for response in Response.objects.filter(number__in=rows).select_for_update()}
    fresh = [
        Response(
            number=row.number,
            version=version,
            store_id=row.store_id,
            order_id=row.order_id,
            customer_id=row.customer_id,
            vehicle_id=row.vehicle_id,
            advisor_id=row.advisor_id,
            source=source,
            answered_at=row.answered_at,
            taken_by_id=row.taken_by_id,
        )
        for row, _given_answers in rows.values()
        if row.number not in there
    ]
    Response.objects.bulk_create(fresh, batch_size=2000)
    there |= {response.number: response for response in fresh}
    answers = []
    for number, (_row, given) in rows.items():
        for answer in given:
            answer.response = there[number]
            answers.append(answer)
    Answer.objects.bulk_create(
        answers,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["response", "question"],
        update_fields=["score", "text"],
    )
    stores = Store.objects.in_bulk({response.store_id for response in there.values()})
    rules = {pk: _flag_rule(store, at) for pk, store in stores.items()}
    _raise_flags(list(there.values()), answers, rules, at=at)
    return {number: response.pk for number, response in there.items()}


def _refuse_kind(version: QuestionnaireVersion) -> None:
    kind = version.questionnaire.kind
    if kind == QuestionnaireKind.STAFF:
        raise Refusal(
            _("The staff survey is anonymous: everybody answers it for themselves."),
            field="questionnaire", code="anonymous",
        )  # fmt: skip
    if kind == QuestionnaireKind.FACTORY:
        raise Refusal(
            _("What customers told the factory comes in with the factory's workbook."),
            field="questionnaire", code="factory_by_workbook",
        )  # fmt: skip


def _answered_already() -> Refusal:
    return Refusal(_("These answers were taken down already."), code="answered_already")


def _insert_once(response: Response) -> bool:
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _given(answers: Mapping[str, object]) -> dict[str, object]:
    return {code: value for code, value in answers.items() if value is not None and value != ""}


def read_answers(version: QuestionnaireVersion, answers: Mapping[str, object]) -> list[Answer]:
    """The answers as rows, without their response; raises one Refusal that names everything wrong."""
    questions = _questions(version)
    given = _given(answers)
    problems, rows = [], []
    for code, value in given.items():
        question = questions.get(code)
        if question is None:
            problems.append(_("%(version)s has no question %(code)s.") % {"version": version, "code": code})
            continue
        try:
            rows.append(_answer(question, value))
        except Refusal as refusal:
            problems.append(str(refusal))
    if problems:
        raise Refusal(_("Some answers can't be taken down."), code="answers_invalid", details=problems, field="answers")
    if not rows:
        raise Refusal(_("Not one question was answered."), code="nothing_answered", field="answers")
    return rows


def _questions(version: QuestionnaireVersion) -> dict[str, Question]:
    if not hasattr(version, "_questions_by_code"):
        version._questions_by_code = {question.code: question for question in version.questions.all()}
    return version._questions_by_code


def _answer(question: Question, value) -> Answer:
    if question.kind == QuestionKind.TEXT:
        return Answer(question=question, text=str(value).strip())
    if question.kind == QuestionKind.CHOICE:
        if str(value) not in question.choices:
            wrong = {"name": question.name, "value": value}
            raise Refusal(_("%(name)s: “%(value)s” is not one of the choices.") % wrong)
        return Answer(question=question, text=str(value))
    least, most = SCALES[QuestionKind(question.kind)]
    try:
        score = Decimal(int(value)) if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        score = None
    if score is None or not score.is_finite() or score != score.to_integral_value() or not least <= score <= most:
        raise Refusal(
            _("%(name)s: %(value)s is not a whole number from %(least)d to %(most)d.")
            % {"name": question.name, "value": value, "least": least, "most": most}
        )
    return Answer(question=question, score=score)


@dataclass(frozen=True)
class _FlagRule:
    """Which score must be dealt with, and how soon."""

    at_most: Decimal
    given: timedelta


def _flag_rule(store: Store, at: datetime) -> _FlagRule:
    held = figures("satisfaction.", store=store, on=at.astimezone(store.tz).date())
    return _FlagRule(Decimal(held[BAD_SCORE.code]), timedelta(hours=held[FLAG_HOURS.code]))


def _raise_flags(responses: list[Response], answers: list[Answer], rules: dict[int, _FlagRule], *, at) -> list[Flag]:
    """One flag for each bad answer that has none; a corrected answer keeps the flag it raised."""
    bad = [
        answer
        for answer in answers
        if answer.score is not None
        and answer.question.asks_experience
        and is_bad(
            answer.question.kind,
            answer.score,
            flags_no=answer.question.flags_no,
            at_most=rules[answer.response.store_id].at_most,
        )
    ]
    if not bad:
        return []
    Flag.objects.bulk_create(
        (
            Flag(answer=answer, store_id=pk, raised_at=at, due_at=at + rules[pk].given)
            for answer in bad
            for pk in [answer.response.store_id]
        ),
        batch_size=5000,
        ignore_conflicts=True,
    )
    return list(Flag.objects.filter(answer__in=bad, raised_at=at)) if len(responses) == 1 else []
