"""What can be done in satisfaction; each verb stands in the file of its noun."""

from satisfaction.actions.flags import deal_with_flag, flag_bad_answers
from satisfaction.actions.plans import close_plan, open_plan
from satisfaction.actions.questionnaires import (
    QuestionDraft,
    SectionDraft,
    WordingDraft,
    change_draft,
    change_wordings,
    discard_draft,
    draft_version,
    install_questionnaires,
    make_questionnaire,
    publish_version,
)
from satisfaction.actions.responses import KeptAnswers, record_response, record_responses

__all__ = [
    "KeptAnswers",
    "QuestionDraft",
    "SectionDraft",
    "WordingDraft",
    "change_draft",
    "change_wordings",
    "close_plan",
    "deal_with_flag",
    "discard_draft",
    "draft_version",
    "flag_bad_answers",
    "install_questionnaires",
    "make_questionnaire",
    "open_plan",
    "publish_version",
    "record_response",
    "record_responses",
]
