"""What the pages, reports and other apps ask of satisfaction."""

from satisfaction.queries.questionnaires import (
    questionnaire_of_kind,
    questionnaires_with_versions,
    service_version,
    version_in_force,
)

__all__ = ["questionnaire_of_kind", "questionnaires_with_versions", "service_version", "version_in_force"]
