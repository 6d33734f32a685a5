"""The pages of the callback centre, one module for each place in it."""

from callback.views import (
    campaigns,
    handovers,
    honesty,
    invitations,
    logs,
    quality,
    records,
    referrals,
    requests,
    showroom,
)
from callback.views.cards import my_calls_card, my_leads_card, my_questions_card, my_requests_card, supervision_card
from callback.views.contacts import contact_list, customer_contacts, wrong_number_list
from callback.views.desk import call, complaint, keep, next_call, outcome, phone, release, take
from callback.views.figures import figures
from callback.views.paper import catch_up
from callback.views.queue import assign, hand_over, live, queue, send_back, task
from callback.views.refusals import allow, refuse
from callback.views.rules import programme, rule, rule_list
from callback.views.sheets import standard_sheets

__all__ = [
    "allow",
    "assign",
    "call",
    "campaigns",
    "catch_up",
    "complaint",
    "contact_list",
    "customer_contacts",
    "figures",
    "hand_over",
    "handovers",
    "honesty",
    "invitations",
    "keep",
    "live",
    "logs",
    "my_calls_card",
    "my_leads_card",
    "my_questions_card",
    "my_requests_card",
    "next_call",
    "outcome",
    "phone",
    "programme",
    "quality",
    "queue",
    "records",
    "referrals",
    "refuse",
    "release",
    "requests",
    "rule",
    "rule_list",
    "send_back",
    "showroom",
    "standard_sheets",
    "supervision_card",
    "take",
    "task",
    "wrong_number_list",
]
