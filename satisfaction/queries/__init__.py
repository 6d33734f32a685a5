"""What the pages, reports and other apps ask of satisfaction."""

from satisfaction.queries.questionnaires import (
    csi_version,
    questionnaire_of_kind,
    questionnaires_with_versions,
    version_in_force,
)

__all__ = ["csi_version", "questionnaire_of_kind", "questionnaires_with_versions", "version_in_force"]
