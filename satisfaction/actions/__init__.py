"""What can be done in satisfaction; each verb stands in the file of its noun."""

from satisfaction.actions.flags import (
    assign_flag,
    deal_with_flag,
    flag_bad_answers,
    hand_flags_to_complaint,
    remind_of_flags,
)
from satisfaction.actions.guesses import give_guess
from satisfaction.actions.plans import (
    ask_for_new_owner,
    ask_for_plans,
    begin_plan,
    carry_out_plan,
    change_owner,
    close_plan,
    open_plan,
    postpone_plan,
    remind_of_plans,
)
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
from satisfaction.actions.staff import answer_staff_survey, call_staff_survey
from satisfaction.actions.surveys import hand_over_tablet, text_survey_link
from satisfaction.actions.targets import set_factor_target

__all__ = [
    "KeptAnswers",
    "QuestionDraft",
    "SectionDraft",
    "WordingDraft",
    "answer_staff_survey",
    "ask_for_new_owner",
    "ask_for_plans",
    "assign_flag",
    "begin_plan",
    "call_staff_survey",
    "carry_out_plan",
    "change_draft",
    "change_owner",
    "change_wordings",
    "close_plan",
    "deal_with_flag",
    "discard_draft",
    "draft_version",
    "flag_bad_answers",
    "give_guess",
    "hand_flags_to_complaint",
    "hand_over_tablet",
    "install_questionnaires",
    "make_questionnaire",
    "open_plan",
    "postpone_plan",
    "publish_version",
    "record_response",
    "record_responses",
    "remind_of_flags",
    "remind_of_plans",
    "set_factor_target",
    "text_survey_link",
]
