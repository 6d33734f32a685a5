"""Questionnaires: the shipped ones, and making a version unchangeable."""

from dataclasses import asdict

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal
from satisfaction.actions.shipped import SHIPPED, SHIPPED_STEPS, ShippedQuestionnaire
from satisfaction.choices import QuestionKind
from satisfaction.models import Question, Questionnaire, QuestionnaireVersion, Section


@transaction.atomic
def install_questionnaires(*, by, at) -> list[QuestionnaireVersion]:
    """Bring in the shipped questionnaire versions that are not there yet; running it again changes nothing.

    Called after `migrate`, so that the factor columns of the import workbook are known on an empty database.
    """
    installed = [_install(shipped, by=by, at=at) for shipped in SHIPPED]
    return [version for version in installed if version]


def _install(shipped: ShippedQuestionnaire, *, by, at) -> QuestionnaireVersion | None:
    questionnaire, _was_new = Questionnaire.objects.get_or_create(
        code=shipped.code, defaults={"name": shipped.name, "kind": shipped.kind}
    )
    questionnaire = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if questionnaire.versions.filter(number=shipped.number).exists():
        return None
    version = QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=shipped.number)
    steps = list(dict.fromkeys(question.step for question in shipped.questions if question.step))
    sections = Section.objects.bulk_create(
        Section(version=version, position=place, code=step.value, name=SHIPPED_STEPS[step])
        for place, step in enumerate(steps, start=1)
    )
    section_of = dict(zip(steps, sections, strict=True))
    Question.objects.bulk_create(
        Question(version=version, position=place, section=section_of.get(fields.pop("step")), **fields)
        for place, fields in enumerate(map(asdict, shipped.questions), start=1)
    )
    return publish_version(version=version, by=by, at=at)


@transaction.atomic
def publish_version(*, version: QuestionnaireVersion, by, at) -> QuestionnaireVersion:
    """Put a version in use. From now on neither it nor its questions can be changed, not even by SQL."""
    version = QuestionnaireVersion.objects.select_for_update().select_related("questionnaire").get(pk=version.pk)
    if version.published_at:
        raise Refusal(_("%(version)s is published already.") % {"version": version})
    questions = list(version.questions.all())
    if not questions:
        raise Refusal(_("A questionnaire needs at least one question."))
    empty = [question.code for question in questions if question.kind == QuestionKind.CHOICE and not question.choices]
    if empty:
        raise Refusal(_("These questions offer no choices: %(codes)s.") % {"codes": ", ".join(empty)})
    version.published_at = at
    version.save(update_fields=["published_at"])
    journal.record(by=by, at=at, verb="questionnaire_version.published", subject=version)
    return version
