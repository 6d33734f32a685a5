from callback.queries.desk import Desk, desk, dialled_phone
from callback.queries.forecasts import forecast_accuracy
from callback.queries.handovers import calls_of_handovers, handovers_in_list
from callback.queries.measured import daily_figures, figures_by_agent, figures_of_span
from callback.queries.owed import GENERATED, Owed, owed_calls
from callback.queries.paper import calls_for_paper, open_calls_numbered, survey_questions
from callback.queries.plan import CallPlan, call_plan
from callback.queries.preview import Planned, Preview, calls_of_month, calls_to_come, rule_preview
from callback.queries.queue import (
    QueueCounts,
    agents_now,
    call_contacts,
    contacts_of_customer,
    current_call,
    in_view,
    my_agreed_calls,
    queue_counts,
    tasks_in_list,
    wrong_numbers,
)
from callback.queries.records import category_choices, fact_lines, known_facts, record_quality, sentence_of
from callback.queries.referrals import (
    Answering,
    call_sheet,
    questions_for,
    referral_figures,
    referrals_to_tell,
    sheet_matching,
)
from callback.queries.rules import rules_of, samples_of

__all__ = [
    "samples_of",
    "Preview",
    "Planned",
    "rule_preview",
    "calls_to_come",
    "calls_of_month",
    "handovers_in_list",
    "calls_of_handovers",
    "forecast_accuracy",
    "GENERATED",
    "Answering",
    "CallPlan",
    "Desk",
    "Owed",
    "QueueCounts",
    "agents_now",
    "call_contacts",
    "call_plan",
    "call_sheet",
    "calls_for_paper",
    "category_choices",
    "contacts_of_customer",
    "current_call",
    "daily_figures",
    "desk",
    "dialled_phone",
    "fact_lines",
    "figures_by_agent",
    "figures_of_span",
    "in_view",
    "known_facts",
    "my_agreed_calls",
    "open_calls_numbered",
    "owed_calls",
    "questions_for",
    "queue_counts",
    "record_quality",
    "referral_figures",
    "referrals_to_tell",
    "rules_of",
    "sentence_of",
    "sheet_matching",
    "survey_questions",
    "tasks_in_list",
    "wrong_numbers",
]
