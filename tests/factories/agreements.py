"""Agreements, segments and terms of levels, as they stand after their actions."""

from datetime import date
from decimal import Decimal

import factory

from reception.choices import AgreementKind, AgreementState, CustomerLevel, LineKind
from reception.models import Agreement, AgreementItem, MembershipTerms, Segment
from tests.factories.organization import StoreFactory
from tests.factories.reception import MORNING, CustomerFactory


class AgreementFactory(factory.django.DjangoModelFactory):
    """In force for the year of the tests, with one covered item; `state="draft"` for a draft."""

    class Meta:
        model = Agreement

    store = factory.SubFactory(StoreFactory)
    customer = factory.SubFactory(CustomerFactory, store=factory.SelfAttribute("..store"))
    number = factory.Sequence(lambda n: f"XYT01-261012-{n + 1:04d}")
    kind = AgreementKind.PACKAGE
    name = "保养套餐"
    state = AgreementState.ACTIVE
    starts_on = date(2026, 1, 1)
    ends_on = date(2027, 12, 31)
    prepaid_amount = Decimal("500.00")
    made_at = MORNING

    @classmethod
    def _create(cls, model, *args, **fields):
        if fields["state"] != AgreementState.DRAFT:
            fields = {"approved_by": fields.pop("approver"), "approved_at": MORNING, **fields}
        fields.pop("approver", None)
        agreement = super()._create(model, *args, **fields)
        AgreementItem.objects.create(
            agreement=agreement, kind=LineKind.LABOUR, code="BY01", name="更换机油机滤", times=3
        )
        return agreement


class SegmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Segment

    store = factory.SubFactory(StoreFactory)
    name = factory.Sequence(lambda n: f"分类{n + 1}")
    criteria = {"kinds": ["person"]}
    made_at = MORNING


class MembershipTermsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MembershipTerms

    store = factory.SubFactory(StoreFactory)
    level = CustomerLevel.MEMBER
    labour_discount_rate = Decimal("0.05")
    part_discount_rate = Decimal("0.05")
    points_per_yuan = Decimal(1)
    starts_on = date(2026, 1, 1)
