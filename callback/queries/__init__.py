from callback.queries.desk import Desk, desk, dialled_phone
from callback.queries.measured import daily_figures, figures_by_agent, figures_of_span
from callback.queries.owed import GENERATED, Owed, owed_calls
from callback.queries.paper import calls_for_paper, open_calls_numbered, survey_questions
from callback.queries.plan import CallPlan, call_plan
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
from callback.queries.referrals import (
    Answering,
    call_sheet,
    questions_for,
    referral_figures,
    referrals_to_tell,
    sheet_matching,
)
from callback.queries.rules import rules_of

__all__ = [
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
    "contacts_of_customer",
    "current_call",
    "daily_figures",
    "desk",
    "dialled_phone",
    "figures_by_agent",
    "figures_of_span",
    "in_view",
    "my_agreed_calls",
    "open_calls_numbered",
    "owed_calls",
    "questions_for",
    "queue_counts",
    "referral_figures",
    "referrals_to_tell",
    "rules_of",
    "sheet_matching",
    "survey_questions",
    "tasks_in_list",
    "wrong_numbers",
]
