from callback.queries.campaigns import CampaignEffect, campaign_effect, campaigns_in_list, members_with_outcome
from callback.queries.desk import Desk, desk, dialled_phone
from callback.queries.forecasts import forecast_accuracy
from callback.queries.handovers import calls_of_handovers, handovers_in_list
from callback.queries.honesty import findings
from callback.queries.live import promised_calls, queue_by_rule
from callback.queries.logs import agents_with_logs, day_done, work_log
from callback.queries.measured import daily_figures, figures_by_agent, figures_by_rule, figures_of_span
from callback.queries.owed import GENERATED, Owed, owed_calls
from callback.queries.paper import calls_for_paper, open_calls_numbered, survey_questions
from callback.queries.plan import CallPlan, call_plan
from callback.queries.preview import Planned, Preview, calls_of_month, calls_to_come, rule_preview
from callback.queries.quality import (
    call_scores,
    quality_sample,
    quality_weights,
    sample_seed,
    scores_by_agent,
    sees_every_score,
)
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
from callback.queries.showroom import (
    ShowroomFigures,
    follow_up_days,
    leads_matching,
    leads_to_contact,
    lost_by_reason,
    missing_of,
    showroom_day,
    showroom_figures,
    traffic_by_hour,
    visits_in_list,
)

__all__ = [
    "GENERATED",
    "Answering",
    "CallPlan",
    "CampaignEffect",
    "Desk",
    "Owed",
    "Planned",
    "Preview",
    "QueueCounts",
    "ShowroomFigures",
    "agents_now",
    "agents_with_logs",
    "call_contacts",
    "call_plan",
    "call_scores",
    "call_sheet",
    "calls_for_paper",
    "calls_of_handovers",
    "calls_of_month",
    "calls_to_come",
    "campaign_effect",
    "campaigns_in_list",
    "category_choices",
    "contacts_of_customer",
    "current_call",
    "daily_figures",
    "day_done",
    "desk",
    "dialled_phone",
    "fact_lines",
    "figures_by_agent",
    "figures_by_rule",
    "figures_of_span",
    "findings",
    "follow_up_days",
    "forecast_accuracy",
    "handovers_in_list",
    "in_view",
    "known_facts",
    "leads_matching",
    "leads_to_contact",
    "lost_by_reason",
    "members_with_outcome",
    "missing_of",
    "my_agreed_calls",
    "open_calls_numbered",
    "owed_calls",
    "promised_calls",
    "quality_sample",
    "quality_weights",
    "questions_for",
    "queue_by_rule",
    "queue_counts",
    "record_quality",
    "referral_figures",
    "referrals_to_tell",
    "rule_preview",
    "rules_of",
    "sample_seed",
    "samples_of",
    "scores_by_agent",
    "sees_every_score",
    "sentence_of",
    "sheet_matching",
    "showroom_day",
    "showroom_figures",
    "survey_questions",
    "tasks_in_list",
    "traffic_by_hour",
    "visits_in_list",
    "work_log",
    "wrong_numbers",
]
