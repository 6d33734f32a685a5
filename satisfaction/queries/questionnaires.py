from datetime import datetime

from django.db.models import Count, Prefetch
from django.utils.translation import gettext as _

from dealer_crm.values import Refusal
from satisfaction.choices import QuestionnaireKind
from satisfaction.models import Questionnaire, QuestionnaireVersion


def version_in_force(questionnaire: Questionnaire, *, at: datetime | None = None) -> QuestionnaireVersion:
    """The newest published version, with its questions; with `at` the one that was in use then.

    Refuses when none was published.
    """
    versions = questionnaire.versions.published()
    if at is not None:
        versions = versions.filter(published_at__lte=at)
    version = versions.select_related("questionnaire").prefetch_related("questions").order_by("-number").first()
    if version is None:
        raise Refusal(
            _("No version of “%(questionnaire)s” is published.") % {"questionnaire": questionnaire}, code="no_version"
        )
    return version


def questionnaire_of_kind(kind: QuestionnaireKind) -> Questionnaire:
    """The shipped questionnaire of a kind (the oldest, where a house has made more). Raises DoesNotExist."""
    return Questionnaire.objects.filter(kind=kind).order_by("pk").first() or _missing(kind)


def _missing(kind):
    raise Questionnaire.DoesNotExist(f"no questionnaire of kind {kind}")


def csi_version(*, at: datetime | None = None) -> QuestionnaireVersion:
    """The service CSI version in force: its factor codes are the score columns of the import sheet 回访."""
    return version_in_force(questionnaire_of_kind(QuestionnaireKind.SERVICE_CSI), at=at)


def questionnaires_with_versions():
    """Every questionnaire with its versions, their questions and numbers of responses."""
    versions = (
        QuestionnaireVersion.objects.annotate(response_count=Count("responses"))
        .prefetch_related("questions__section")
        .order_by("-number")
    )
    return Questionnaire.objects.prefetch_related(Prefetch("versions", queryset=versions))
