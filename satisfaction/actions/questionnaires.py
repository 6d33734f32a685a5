"""Questionnaires: the shipped ones, drafts of new versions, and putting a version in use for good."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, Stale
from satisfaction.actions.shipped import SHIPPED, ShippedQuestionnaire
from satisfaction.choices import KINDS_WITHOUT_FACTORS, Aspect, QuestionKind, QuestionnaireKind
from satisfaction.models import Question, Questionnaire, QuestionnaireVersion, Section, Wording
from satisfaction.queries.questionnaires import factor_codes, mark_of


@dataclass(frozen=True)
class SectionDraft:
    code: str
    name: str


@dataclass(frozen=True)
class QuestionDraft:
    """A question as it was typed. `replaces`: the id of the row it was, whose wordings go with it."""

    code: str
    name: str
    text: str
    kind: QuestionKind = QuestionKind.SCORE
    section: str = ""
    weight: Decimal | None = None
    responsible_post: str = ""
    flags_no: bool = False
    choices: list[str] = field(default_factory=list)
    is_overall: bool = False
    aspect: Aspect = Aspect.PERCEPTION
    about: str = ""
    construct: str = ""
    replaces: int | None = None


@dataclass(frozen=True)
class WordingDraft:
    code: str
    language: str
    channel: str
    text: str
    choices: list[str] = field(default_factory=list)


Contents = tuple[Sequence[SectionDraft], Sequence[QuestionDraft], Sequence[WordingDraft]]
"""Everything a version says."""


# ── the shipped ones ─────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def install_questionnaires(*, by, at: datetime) -> list[QuestionnaireVersion]:
    """Bring in the shipped questionnaire versions that are not there yet; running it again changes nothing.

    Called after `migrate`, so that the factor columns of the import workbook are known on an empty database.
    """
    there = set(QuestionnaireVersion.objects.values_list("questionnaire__code", "number"))
    missing = [shipped for shipped in SHIPPED if (shipped.code, shipped.number) not in there]
    if not missing:
        return []
    Questionnaire.objects.bulk_create(
        (Questionnaire(code=one.code, name=one.name, kind=one.kind) for one in missing), ignore_conflicts=True
    )
    codes = [one.code for one in missing]
    questionnaires = {one.code: one for one in Questionnaire.objects.select_for_update().filter(code__in=codes)}
    versions = QuestionnaireVersion.objects.bulk_create(
        QuestionnaireVersion(questionnaire=questionnaires[one.code], number=one.number) for one in missing
    )
    _write({version: _contents(shipped) for version, shipped in zip(versions, missing, strict=True)})
    QuestionnaireVersion.objects.filter(pk__in=[one.pk for one in versions]).update(published_at=at)
    verb = "questionnaire_version.published"
    journal.record_many(journal.entry(by=by, at=at, verb=verb, subject=version) for version in versions)
    return versions


def _contents(shipped: ShippedQuestionnaire) -> Contents:
    codes = dict.fromkeys(question.section for question in shipped.questions if question.section)
    return (
        [SectionDraft(str(code), shipped.sections[code]) for code in codes],
        [QuestionDraft(**asdict(question)) for question in shipped.questions],
        [
            WordingDraft(code, language, channel, text)
            for code, texts in shipped.wordings.items()
            for (language, channel), text in texts.items()
        ],
    )


# ── drafts ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def make_questionnaire(*, code: str, name: str, kind: QuestionnaireKind, by, at: datetime) -> QuestionnaireVersion:
    """A questionnaire of the house's own, with an empty draft to fill. Refused when the code is taken."""
    questionnaire = Questionnaire(code=code.strip().lower(), name=name.strip(), kind=kind)
    try:
        with transaction.atomic():
            questionnaire.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(
            _("There is a questionnaire with the code %(code)s already.") % {"code": questionnaire.code}, field="code"
        ) from error
    journal.record(by=by, at=at, verb="questionnaire.made", subject=questionnaire, note=questionnaire.name)
    return _new_version(questionnaire, by=by, at=at)


@transaction.atomic
def draft_version(*, questionnaire: Questionnaire, by, at: datetime) -> QuestionnaireVersion:
    """A draft of the next version: the version in force, copied with its sections and wordings.

    Refused while there is a draft already: two people would work on two of them and one would be lost.
    """
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    draft = questionnaire.versions.filter(published_at=None).first()
    if draft is not None:
        raise Refusal(_("There is a draft already: %(version)s.") % {"version": draft}, code="draft_exists")
    former = questionnaire.versions.published().order_by("-number").first()
    version = _new_version(questionnaire, by=by, at=at)
    if former is not None:
        _write({version: contents_of(former)})
    return version


@transaction.atomic
def change_draft(
    *,
    version: QuestionnaireVersion,
    sections: Sequence[SectionDraft],
    questions: Sequence[QuestionDraft],
    expected_mark: str,
    by,
    at: datetime,
) -> QuestionnaireVersion:
    """Put these sections and questions, in this order, into a draft; wordings stay with the questions they belong to.

    Refused: a published version, a code that stands twice, a question in a section that isn't there, a weight that is
    not above zero, and whatever a question can't be (a weight on free text, expectation without its factor).
    Raises Stale when somebody else has saved the draft since `expected_mark` was read.
    """
    version = _locked_draft(version, expected_mark)
    problems = [*_section_problems(sections), *_question_problems(questions, {section.code for section in sections})]
    if problems:
        raise Refusal(_("The draft can't be saved like this."), code="draft_invalid", details=problems)
    code_of = {question.replaces: question.code for question in questions if question.replaces}
    wordings = [
        WordingDraft(code_of[one.question_id], one.language, one.channel, one.text, one.choices)
        for one in Wording.objects.filter(question__version=version, question__in=code_of)
    ]
    # Its rows have no answers, so they are made anew: codes may change places.
    Question.objects.filter(version=version).delete()
    Section.objects.filter(version=version).delete()
    _write({version: (sections, questions, wordings)})
    journal.record(by=by, at=at, verb="questionnaire_version.changed", subject=version)
    return version


@transaction.atomic
def change_wordings(
    *, version: QuestionnaireVersion, wordings: Sequence[WordingDraft], expected_mark: str, by, at: datetime
) -> QuestionnaireVersion:
    """Put these wordings into a draft, in place of those it has.

    Refused: a published version, two for the same question, language and channel, a question that isn't there, choices
    in another number than the question's own. Raises Stale like `change_draft`.
    """
    version = _locked_draft(version, expected_mark)
    questions = {question.code: question for question in version.questions.all()}
    times = Counter((one.code, one.language, one.channel) for one in wordings)
    problems = [_("%(code)s: two wordings for the same language and channel.") % {"code": key[0]}
                for key, count in times.items() if count > 1]  # fmt: skip
    for one in wordings:
        question = questions.get(one.code)
        if question is None:
            problems.append(_("There is no question %(code)s.") % {"code": one.code})
        elif one.choices and len(one.choices) != len(question.choices):
            problems.append(
                _("%(code)s: the question offers %(count)d choices; write as many.")
                % {"code": one.code, "count": len(question.choices)}
            )
    if problems:
        raise Refusal(_("The wordings can't be saved like this."), code="draft_invalid", details=problems)
    Wording.objects.filter(question__version=version).delete()
    Wording.objects.bulk_create(_wording(questions[one.code], one) for one in wordings)
    journal.record(by=by, at=at, verb="questionnaire_version.changed", subject=version)
    return version


@transaction.atomic
def discard_draft(*, version: QuestionnaireVersion, by, at: datetime) -> None:
    """Throw a draft away. Refused for a published version; a questionnaire that never had one goes with its draft."""
    version = _locked_draft(version)
    questionnaire = version.questionnaire
    journal.record(by=by, at=at, verb="questionnaire_version.discarded", subject=version, note=str(version))
    Question.objects.filter(version=version).delete()
    version.delete()
    if not questionnaire.versions.exists():
        questionnaire.delete()


@transaction.atomic
def publish_version(
    *, version: QuestionnaireVersion, by, at: datetime, starts_on: date | None = None
) -> QuestionnaireVersion:
    """Put a version in use from a day on. From now on neither it nor its questions can be changed, not even by SQL.

    Refused: a start in the past, no question, no weighted factor where an index is made of it, a choice without
    choices, expectation or importance of a factor nobody asks about, two questions for the overall satisfaction.
    """
    version = QuestionnaireVersion.objects.select_for_update(of=("self",)).select_related("questionnaire").get(
        pk=version.pk
    )  # fmt: skip
    if version.published_at:
        raise Refusal(_("%(version)s is published already.") % {"version": version}, code="published")
    _refuse_start(starts_on, at)
    problems = list(_unpublishable(version))
    if problems:
        raise Refusal(_("The draft can't be published yet."), code="draft_incomplete", details=problems)
    version.published_at, version.starts_on = at, starts_on
    version.save(update_fields=["published_at", "starts_on"])
    journal.record(by=by, at=at, verb="questionnaire_version.published", subject=version)
    return version


def contents_of(version: QuestionnaireVersion) -> Contents:
    """Everything a version says, as the drafts of another."""
    rows = list(version.questions.select_related("section").prefetch_related("wordings").order_by("position"))
    names = [name for name in QuestionDraft.__dataclass_fields__ if name not in ("section", "replaces")]
    return (
        [SectionDraft(one.code, one.name) for one in version.sections.order_by("position")],
        [
            QuestionDraft(
                section=one.section.code if one.section else "", **{name: getattr(one, name) for name in names}
            )
            for one in rows
        ],
        [
            WordingDraft(one.code, said.language, said.channel, said.text, said.choices)
            for one in rows
            for said in one.wordings.all()
        ],
    )


def _new_version(questionnaire: Questionnaire, *, by, at) -> QuestionnaireVersion:
    last = questionnaire.versions.order_by("-number").first()
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire, number=last.number + 1 if last else 1, created_by=by, created_at=at
    )
    journal.record(by=by, at=at, verb="questionnaire_version.drafted", subject=version, note=str(version))
    return version


def _locked_draft(version: QuestionnaireVersion, expected_mark: str | None = None) -> QuestionnaireVersion:
    rows = QuestionnaireVersion.objects.select_for_update(of=("self",)).select_related("questionnaire")
    version = rows.filter(pk=version.pk).first()
    if version is None:
        raise Refusal(_("This draft is gone; somebody has thrown it away."), code="draft_gone")
    if version.published_at:
        raise Refusal(
            _("%(version)s is in use and frozen: answers stay tied to its wording. Make a new version.")
            % {"version": version},
            code="frozen",
        )
    if expected_mark is not None and expected_mark != mark_of(version):
        raise Stale(_("Somebody else has changed this draft in the meantime; load it again."))
    return version


def _write(drafts: Mapping[QuestionnaireVersion, Contents]) -> None:
    """Fill empty drafts, all of them in three statements."""
    sections = Section.objects.bulk_create(
        Section(version=version, position=place, **asdict(section))
        for version, (its, _questions, _wordings) in drafts.items()
        for place, section in enumerate(its, start=1)
    )
    section_of = {(one.version_id, one.code): one for one in sections}
    questions = Question.objects.bulk_create(
        _question(version, place, question, section_of)
        for version, (_sections, its, _wordings) in drafts.items()
        for place, question in enumerate(its, start=1)
    )
    question_of = {(one.version_id, one.code): one for one in questions}
    Wording.objects.bulk_create(
        _wording(question_of[version.pk, one.code], one)
        for version, (_sections, _questions, its) in drafts.items()
        for one in its
    )


def _question(version: QuestionnaireVersion, place: int, draft: QuestionDraft, section_of: Mapping) -> Question:
    facts = asdict(draft)
    section, _replaced = facts.pop("section"), facts.pop("replaces")
    return Question(version=version, position=place, section=section_of.get((version.pk, str(section))), **facts)


def _wording(question: Question, draft: WordingDraft) -> Wording:
    return Wording(
        question=question, language=draft.language, channel=draft.channel, text=draft.text, choices=draft.choices
    )


def _section_problems(sections: Sequence[SectionDraft]):
    for code, times in Counter(section.code for section in sections).items():
        if times > 1:
            yield _("The section code %(code)s stands %(times)d times.") % {"code": code, "times": times}


def _question_problems(questions: Sequence[QuestionDraft], sections: set[str]):
    for code, times in Counter(question.code for question in questions).items():
        if times > 1:
            yield _("The code %(code)s stands %(times)d times.") % {"code": code, "times": times}
    for one in questions:
        said = {"code": one.code, "section": one.section}
        if one.section and one.section not in sections:
            yield _("%(code)s: there is no section %(section)s.") % said
        if one.weight is not None and one.weight <= 0:
            yield _("%(code)s: a factor needs a weight above zero.") % said
        if one.weight is not None and one.kind not in _WEIGHABLE:
            yield _("%(code)s: only scores, levels and yes/no can have a weight.") % said
        if one.aspect != Aspect.PERCEPTION and not one.about:
            yield _("%(code)s: say which factor the expectation or importance is about.") % said
        if one.aspect != Aspect.PERCEPTION and one.weight is not None:
            yield _("%(code)s: expectation and importance have no weight.") % said
        if one.flags_no and one.kind != QuestionKind.YES_NO:
            yield _("%(code)s: only a yes/no question has a “no” to be dealt with.") % said


_WEIGHABLE = frozenset({QuestionKind.SCORE, QuestionKind.LEVEL, QuestionKind.YES_NO})


def _refuse_start(starts_on: date | None, at: datetime) -> None:
    if starts_on is None:
        return
    if starts_on < timezone.localdate(at):
        raise Refusal(_("A version can't be asked from a day in the past."), field="starts_on", code="start_past")


def _unpublishable(version: QuestionnaireVersion):
    questions = list(version.questions.all())
    if not questions:
        yield _("A questionnaire needs at least one question.")
        return
    weighted = [question for question in questions if question.weight is not None]
    if not weighted and version.questionnaire.kind not in KINDS_WITHOUT_FACTORS:
        yield _("No question has a weight: without a factor there is no index.")
    empty = [question.code for question in questions if question.kind == QuestionKind.CHOICE and not question.choices]
    if empty:
        yield _("These questions offer no choices: %(codes)s.") % {"codes": ", ".join(empty)}
    known = {question.code for question in questions} | factor_codes(besides=version)
    unknown = [question.code for question in questions if question.about and question.about not in known]
    if unknown:
        yield _("These questions are about a factor nobody asks: %(codes)s.") % {"codes": ", ".join(unknown)}
    if sum(question.is_overall for question in questions) > 1:
        yield _("Only one question can ask for the overall satisfaction.")
