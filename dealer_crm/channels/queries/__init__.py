"""What the outbox shows, what may be sent and in which words."""

from dealer_crm.channels.carriers import is_on
from dealer_crm.channels.formulas import is_mobile
from dealer_crm.channels.queries.figures import SentFigures, SentTotal, message_figures, total_of
from dealer_crm.channels.queries.outbox import (
    answers_visible_to,
    channel_states,
    message_for,
    messages_due,
    messages_matching,
    messages_under,
    messages_visible_to,
    tests_of,
)
from dealer_crm.channels.queries.plan import SendingPlan, refuses_texts, sending_plan, why_no_text
from dealer_crm.channels.queries.wordings import ShownWording, as_typed, wording_in_force, wordings_of

__all__ = [
    "SendingPlan",
    "SentFigures",
    "SentTotal",
    "ShownWording",
    "answers_visible_to",
    "as_typed",
    "channel_states",
    "is_mobile",
    "is_on",
    "message_figures",
    "message_for",
    "messages_due",
    "messages_matching",
    "messages_under",
    "messages_visible_to",
    "refuses_texts",
    "sending_plan",
    "tests_of",
    "total_of",
    "why_no_text",
    "wording_in_force",
    "wordings_of",
]
