"""Rules, owed calls and contacts."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import factory

from callback.actions import ship_rules
from callback.choices import (
    Department,
    Outcome,
    RequestKind,
    RequestProblem,
    RequestSource,
    RuleCode,
    TaskState,
)
from callback.models import CallTask, Contact, Referral, Rule, ServiceRequest
from tests.factories.organization import StaffFactory, StoreFactory
from tests.factories.reception import CustomerFactory

TEN = datetime(2026, 10, 15, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A working Thursday, outside the quiet hours, when agents of the tests call unless they say otherwise."""


def shipped_rule(store, code: RuleCode = RuleCode.SERVICE_3D) -> Rule:
    """The store's own rule of a code, shipped when it has none."""
    ship_rules(store=store, at=TEN)
    return Rule.objects.get(store=store, code=code)


class CallTaskFactory(factory.django.DjangoModelFactory):
    """An open call of the after-service rule that may be made now and is due tonight.

    `code=` takes another shipped rule; `order=` brings its store, customer and car; a finished `state` its `done_at`.
    """

    class Meta:
        model = CallTask

    class Params:
        code = RuleCode.SERVICE_3D

    store = factory.SubFactory(StoreFactory)
    source_key = factory.Sequence(lambda n: f"test:{n + 1}")
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    rule = factory.LazyAttribute(lambda made: shipped_rule(made.store, made.code))
    priority = factory.LazyAttribute(lambda made: made.rule.priority)
    opens_at = TEN - timedelta(days=1)
    due_at = TEN.replace(hour=18)
    created_at = TEN - timedelta(days=1)

    @classmethod
    def _generate(cls, strategy, params):
        order = params.get("order")
        if order:
            known = {"store": order.store, "customer": order.customer, "vehicle": order.vehicle}
            params = {**known, "source_key": f"order:{order.pk}", **params}
        if params.get("state", TaskState.OPEN) != TaskState.OPEN:
            params = {"done_at": TEN, **params}
        return super()._generate(strategy, params)


class ContactFactory(factory.django.DjangoModelFactory):
    """An outgoing call of yesterday that reached the customer; `task=` brings store, customer, car and order."""

    class Meta:
        model = Contact

    store = factory.SubFactory(StoreFactory)
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    agent = factory.SubFactory(StaffFactory, store=factory.SelfAttribute("..store"))
    at = TEN - timedelta(days=1)
    outcome = Outcome.COMPLETED

    @classmethod
    def _generate(cls, strategy, params):
        if task := params.get("task"):
            known = {"store": task.store, "customer": task.customer, "vehicle": task.vehicle, "order": task.order}
            params = {**known, **params}
        return super()._generate(strategy, params)


class ReferralFactory(factory.django.DjangoModelFactory):
    """A question out of a call, asked at ten and to be answered by noon; `task=` brings store, customer and car."""

    class Meta:
        model = Referral

    store = factory.SubFactory(StoreFactory)
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    question = "配件什么时候到货？"
    department = Department.PARTS
    person = factory.SubFactory(StaffFactory, store=factory.SelfAttribute("..store"))
    asked_by = factory.SubFactory(StaffFactory, store=factory.SelfAttribute("..store"))
    asked_at = TEN
    handed_at = factory.SelfAttribute("asked_at")
    answer_by = factory.LazyAttribute(lambda made: made.asked_at + timedelta(hours=2))

    @classmethod
    def _generate(cls, strategy, params):
        if task := params.get("task"):
            known = {"store": task.store, "customer": task.customer, "vehicle": task.vehicle, "order": task.order}
            params = {**known, **params}
        return super()._generate(strategy, params)


class ServiceRequestFactory(factory.django.DjangoModelFactory):
    """An enquiry by telephone at ten, to be answered by noon; nobody has it unless `person=` says so."""

    class Meta:
        model = ServiceRequest

    store = factory.SubFactory(StoreFactory)
    number = factory.Sequence(lambda n: f"QQTEST-{n + 1:04d}")
    kind = RequestKind.ENQUIRY
    source = RequestSource.PHONE
    problem = RequestProblem.TYRES
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    description = "轮胎鼓包，需要报价"
    department = Department.CARE
    received_at = TEN
    entered_at = factory.SelfAttribute("received_at")
    answer_by = factory.LazyAttribute(lambda made: made.received_at + timedelta(hours=2))
