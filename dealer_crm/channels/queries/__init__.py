"""What the outbox shows, what may be sent and in which words."""

from dealer_crm.channels.carriers import is_on
from dealer_crm.channels.queries.figures import SentFigures, message_figures
from dealer_crm.channels.queries.outbox import (
    answers_visible_to,
    channel_states,
    messages_matching,
    messages_visible_to,
)
from dealer_crm.channels.queries.plan import SendingPlan, refuses_texts, sending_plan, why_no_text
from dealer_crm.channels.queries.wordings import ShownWording, wording_in_force, wordings_of

__all__ = [
    "SendingPlan",
    "SentFigures",
    "ShownWording",
    "answers_visible_to",
    "channel_states",
    "is_on",
    "message_figures",
    "messages_matching",
    "messages_visible_to",
    "refuses_texts",
    "sending_plan",
    "why_no_text",
    "wording_in_force",
    "wordings_of",
]
