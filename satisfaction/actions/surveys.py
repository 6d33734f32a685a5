"""Handing a questionnaire to a customer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.channels.actions import send_wording
from dealer_crm.channels.choices import Purpose
from dealer_crm.channels.models import Message
from dealer_crm.channels.queries import why_no_text
from dealer_crm.journal import actions as journal
from dealer_crm.organization.queries import figure
from dealer_crm.values import Refusal
from reception.models import RepairOrder
from reception.queries import addressed, text_way, texted_number
from satisfaction.models import Questionnaire
from satisfaction.queries.surveys import is_answered
from satisfaction.settings import LINK_DAYS


def hand_over_tablet(*, order: RepairOrder, questionnaire: Questionnaire, by, at: datetime) -> None:
    """Note who gave the tablet to the customer of an order: whose customers praise them is asked one day."""
    journal.record(by=by, at=at, verb="survey.handed_over", subject=order, note=questionnaire.name)


@transaction.atomic
def text_survey_link(*, order: RepairOrder, questionnaire: Questionnaire, link: str, by, at: datetime) -> Message:
    """Send the customer of an order the link by text, once for each questionnaire; the same again gives the message
    there is. Refuses when it was answered, and when no text can be sent."""
    if is_answered(order, questionnaire):
        raise Refusal(_("The customer has answered this questionnaire."), code="answered_already")
    number = texted_number(order.customer)
    if reason := why_no_text(number, channel=text_way(order.customer)):
        raise Refusal(_("No text can be sent: %(reason)s") % {"reason": reason}, code="no_text")
    days = figure(LINK_DAYS, store=order.store, on=at.astimezone(order.store.tz).date())
    message = send_wording(
        key=f"survey:{order.pk}:{questionnaire.code}",
        store=order.store,
        channel=text_way(order.customer),
        to=number,
        purpose=Purpose.SURVEY,
        names={
            "客户": addressed(order.customer),
            "车牌": order.vehicle.plate,
            "服务顾问": order.advisor.name if order.advisor else "",
            "链接": link,
            "天数": str(days),
        },
        by=by,
        at=at,
        expires_at=at + timedelta(days=days),
    )
    if message.made_at == at:
        journal.record(by=by, at=at, verb="survey.texted", subject=order, note=questionnaire.name)
    return message
