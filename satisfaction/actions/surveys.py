"""Handing a questionnaire to a customer."""

from datetime import datetime

from dealer_crm.journal import actions as journal
from reception.models import RepairOrder
from satisfaction.models import Questionnaire


def hand_over_tablet(*, order: RepairOrder, questionnaire: Questionnaire, by, at: datetime) -> None:
    """Note who gave the tablet to the customer of an order: whose customers praise them is asked one day."""
    journal.record(by=by, at=at, verb="survey.handed_over", subject=order, note=questionnaire.name)
