"""Complaints that have come as far in the loop as a test needs."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import factory

from complaints import actions
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity
from complaints.models import Complaint
from tests.factories.organization import StoreFactory
from tests.factories.reception import CustomerFactory

RECEIVED = datetime(2026, 10, 13, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working Tuesday, when the complaints of the tests come in unless they say otherwise."""


class ComplaintFactory(factory.django.DjangoModelFactory):
    """A complaint just recorded, as a row. For one further on see `complaint_of`."""

    class Meta:
        model = Complaint

    store = factory.SubFactory(StoreFactory)
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    number = factory.Sequence(lambda n: f"TST01-261013-{n + 1:04d}")
    source = ComplaintSource.PHONE
    severity = Severity.GENERAL
    category = Category.WAITING
    received_at = RECEIVED
    description = "等了三个小时才开始修车"
    reply_clock = timedelta(hours=2)
    solve_clock = timedelta(hours=24)
    reply_due_at = factory.LazyAttribute(lambda made: made.received_at + made.reply_clock)
    solve_due_at = factory.LazyAttribute(lambda made: made.received_at + made.solve_clock)
    created_at = factory.SelfAttribute("received_at")


def complaint_of(people, state: ComplaintState = ComplaintState.RECORDED, *, owner=None, at=RECEIVED, **fields):
    """A complaint in the store of a `Cast`, walked by its people to `state`, ten minutes from step to step.

    The owner is the front-desk supervisor unless given. CLOSED is reached with a satisfied customer.
    """
    fields = {
        "store": people.store,
        "order": None,
        "customer": fields.get("customer") or CustomerFactory(store=people.store),
        "vehicle": None,
        "source": ComplaintSource.PHONE,
        "severity": Severity.GENERAL,
        "category": Category.WAITING,
        "received_at": at,
        "description": "等了三个小时才开始修车",
        **fields,
    }
    complaint = actions.record_complaint(**fields, by=people.agent, at=at)
    owner = owner or people.frontdesk
    steps = {
        ComplaintState.ADVISED: lambda at: actions.advise(
            complaint=complaint, text="建议免费检测并当面致歉", by=people.crc, at=at
        ),
        ComplaintState.DECIDED: lambda at: actions.decide(
            complaint=complaint,
            owner=owner,
            deadline_at=at + timedelta(hours=6),
            goodwill_amount=Decimal(0),
            text="由前台主管当日处理",
            by=people.manager,
            at=at,
        ),
        ComplaintState.REMEDIED: lambda at: actions.remedy(
            complaint=complaint, text="已登门致歉，客户接受", by=owner, at=at
        ),
        ComplaintState.CHECKED: lambda at: actions.check_remedy(
            complaint=complaint, is_good=True, by=people.manager, at=at
        ),
        ComplaintState.CLOSED: lambda at: actions.ask_customer(
            complaint=complaint, is_satisfied=True, by=people.crc, at=at
        ),
    }
    for number, (reached, step) in enumerate(steps.items(), start=1):
        if list(ComplaintState).index(reached) <= list(ComplaintState).index(state):
            step(at + timedelta(minutes=10 * number))
    complaint.refresh_from_db()
    return complaint
