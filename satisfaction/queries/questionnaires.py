"""Questionnaires, their versions, what is asked on a day and how each channel words it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Now, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.values import Refusal
from satisfaction.choices import CUSTOMER_KINDS, Language, QuestionnaireKind
from satisfaction.models import Question, Questionnaire, QuestionnaireVersion, Section, Wording


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────────────────
def version_in_force(questionnaire: Questionnaire, *, at: datetime | None = None) -> QuestionnaireVersion:
    """The version that is asked at a moment (without one: now by the database's clock), with its questions: the newest
    of those published whose first day has come. Refuses when there is none.
    """
    version = with_questions(questionnaire.versions.filter(is_asked(at))).order_by("-number").first()
    if version is None:
        raise Refusal(
            _("No version of “%(questionnaire)s” is published.") % {"questionnaire": questionnaire}, code="no_version"
        )
    return version


def with_questions(versions):
    """Versions with everything that is asked, in their wordings."""
    questions = Question.objects.select_related("section").prefetch_related("wordings").order_by("position")
    return versions.select_related("questionnaire").prefetch_related(Prefetch("questions", questions))


def is_asked(at: datetime | None) -> Q:
    moment, day = (Now(), TruncDate(Now())) if at is None else (at, timezone.localdate(at))
    return Q(published_at__lte=moment) & (Q(starts_on=None) | Q(starts_on__lte=day))


def version_numbered(questionnaire: Questionnaire, number: int | None, *, at: datetime) -> QuestionnaireVersion:
    """The version in force; refuses when it is not the one that was expected."""
    version = version_in_force(questionnaire, at=at)
    if number is not None and number != version.number:
        raise Refusal(
            _("Version %(number)d is not asked now; version %(now)d is in force.")
            % {"number": number, "now": version.number},
            field="version_number", code="version_changed",
        )  # fmt: skip
    return version


def questionnaire_of_kind(kind: QuestionnaireKind) -> Questionnaire:
    """The shipped questionnaire of a kind (the oldest, where a house has made more). Raises DoesNotExist."""
    return Questionnaire.objects.filter(kind=kind).order_by("pk").first() or _missing(kind)


def _missing(kind):
    raise Questionnaire.DoesNotExist(f"no questionnaire of kind {kind}")


def csi_version(*, at: datetime | None = None) -> QuestionnaireVersion:
    """The service CSI version in force: its factor codes are the score columns of the import sheet 回访."""
    return version_in_force(questionnaire_of_kind(QuestionnaireKind.SERVICE_CSI), at=at)


def customer_questionnaires():
    """The questionnaires customers answer of which a version is asked now; the service CSI first."""
    asked_now = QuestionnaireVersion.objects.filter(is_asked(None), questionnaire=OuterRef("pk"))
    return Questionnaire.objects.filter(Exists(asked_now), kind__in=CUSTOMER_KINDS).order_by("pk")


def order_questionnaires():
    """Those of them that are about a visit: a buyer's sales survey is handed out with no order of the workshop."""
    return customer_questionnaires().exclude(kind=QuestionnaireKind.SALES_SSI)


@dataclass(frozen=True)
class Asked:
    """A question as one channel asks it in one language; `labels` are its choices as they are shown, in the order of
    `choices`, which are what is kept."""

    code: str
    name: str
    kind: str
    text: str
    choices: list[str]
    labels: list[str]
    section: str = ""


def asked(version: QuestionnaireVersion, *, channel: str, language: str = Language.ZH_HANS) -> list[Asked]:
    """The questions of a version (of `with_questions`) in their order, in the wording that fits best: of this language
    and channel, of this language for all channels, the question's own text.
    """
    return [_worded(question, channel, language) for question in version.questions.all()]


def _worded(question: Question, channel: str, language: str) -> Asked:
    wordings = {(one.language, one.channel): one for one in question.wordings.all()}
    best = wordings.get((language, channel)) or wordings.get((language, ""))
    return Asked(
        code=question.code,
        name=question.name,
        kind=question.kind,
        text=best.text if best else question.text,
        choices=question.choices,
        labels=best.choices if best and best.choices else question.choices,
        section=question.section.name if question.section else "",
    )


def languages_of(version: QuestionnaireVersion) -> list[Language]:
    """The languages a customer can choose: Chinese, and those every question is worded in."""
    said = [{one.language for one in question.wordings.all()} for question in version.questions.all()]
    worded = set.intersection(*said) if said else set()
    return [Language.ZH_HANS, *(one for one in Language if one in worded and one != Language.ZH_HANS)]


# ── the editor ───────────────────────────────────────────────────────────────────────────────────────────────────────
def questionnaires_with_versions():
    """Every questionnaire with its versions, newest first, and their numbers of responses and questions."""
    versions = (
        QuestionnaireVersion.objects.annotate(
            response_count=Count("responses", distinct=True), question_count=Count("questions", distinct=True)
        )
        .select_related("created_by")
        .order_by("-number")
    )
    return Questionnaire.objects.prefetch_related(Prefetch("versions", queryset=versions)).order_by("pk")


@dataclass(frozen=True)
class Standing:
    """A questionnaire with what its versions are on a day: `states` maps version id → draft, coming, in_force, past."""

    questionnaire: Questionnaire
    versions: list[QuestionnaireVersion]
    in_force: QuestionnaireVersion | None
    draft: QuestionnaireVersion | None
    coming: QuestionnaireVersion | None

    @property
    def rows(self) -> list[tuple[QuestionnaireVersion, str]]:
        return [(version, self.state_of(version)) for version in self.versions]

    def state_of(self, version: QuestionnaireVersion) -> str:
        if version.published_at is None:
            return "draft"
        if version == self.in_force:
            return "in_force"
        return "coming" if self.in_force is None or version.number > self.in_force.number else "past"


def standing_of(questionnaire: Questionnaire, *, on: date) -> Standing:
    """Where a questionnaire (of `questionnaires_with_versions`) stands on a day."""
    versions = list(questionnaire.versions.all())
    published = [one for one in versions if one.published_at]
    begun = [one for one in published if one.starts_on is None or one.starts_on <= on]
    in_force = max(begun, key=lambda one: one.number, default=None)
    waiting = [one for one in published if one not in begun and (in_force is None or one.number > in_force.number)]
    return Standing(
        questionnaire=questionnaire,
        versions=versions,
        in_force=in_force,
        draft=next((one for one in versions if one.published_at is None), None),
        coming=min(waiting, key=lambda one: one.starts_on, default=None),
    )


def factor_codes(*, besides: QuestionnaireVersion | None = None) -> set[str]:
    """The codes of everything that is asked as it was (factors and overall scores) in published versions."""
    rows = Question.objects.filter(Q(weight__isnull=False) | Q(is_overall=True), version__published_at__isnull=False)
    return set(rows.exclude(version=besides).values_list("code", flat=True))


def mark_of(version: QuestionnaireVersion) -> str:
    """A mark of what a draft holds; whoever saves it says which one they have seen. Rows are made anew at each saving,
    so their ids are part of it."""
    rows = [
        Section.objects.filter(version=version),
        Question.objects.filter(version=version),
        Wording.objects.filter(question__version=version),
    ]
    seen = [sorted(one.values_list()) for one in rows]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


# ── two versions side by side ────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Difference:
    """A question that differs between two versions. `before` or `now` is None where it is new or gone; `fields` are
    (name of the field, old, new) of one that is in both."""

    code: str
    before: Question | None
    now: Question | None
    fields: list[tuple[str, str, str]]


def differences(before: QuestionnaireVersion, now: QuestionnaireVersion) -> list[Difference]:
    """What changed from one version to another, in the order of the newer, what is gone at the end."""
    old, new = _by_code(before), _by_code(now)
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        fields = list(_changed(old[code], new[code])) if code in old and code in new else []
        if fields or code not in old or code not in new:
            found.append(Difference(code, old.get(code), new.get(code), fields))
    return found


def _by_code(version: QuestionnaireVersion) -> dict[str, Question]:
    rows = version.questions.select_related("section").prefetch_related("wordings").order_by("position")
    return {one.code: one for one in rows}


def _changed(old: Question, new: Question) -> Iterator[tuple[str, str, str]]:
    for (name, before), (_name, now) in zip(_told(old), _told(new), strict=True):
        if before != now:
            yield str(name), before, now


def _told(question: Question) -> list[tuple[str, str]]:
    """Everything of a question as a person reads it; its place only within its section."""
    field = question._meta.get_field
    wordings = sorted(
        " · ".join(filter(None, (one.get_language_display(), one.get_channel_display(), one.text)))
        for one in question.wordings.all()
    )
    return [
        (field("section").verbose_name, question.section.name if question.section else ""),
        (field("name").verbose_name, question.name),
        (field("text").verbose_name, question.text),
        (field("kind").verbose_name, str(question.get_kind_display())),
        (field("weight").verbose_name, "" if question.weight is None else f"{question.weight.normalize():f}"),
        (field("responsible_post").verbose_name, str(question.get_responsible_post_display())),
        (field("flags_no").verbose_name, _("Yes") if question.flags_no else _("No")),
        (field("choices").verbose_name, "、".join(question.choices)),
        (field("is_overall").verbose_name, _("Yes") if question.is_overall else _("No")),
        (field("aspect").verbose_name, str(question.get_aspect_display())),
        (field("about").verbose_name, question.about),
        (field("construct").verbose_name, str(question.get_construct_display())),
        (Wording._meta.verbose_name, " ".join(wordings)),
    ]
