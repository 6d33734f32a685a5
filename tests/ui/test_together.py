from decimal import Decimal

import pytest
from django.db.models import Exists, OuterRef, Q, Sum

from dealer_crm.organization.models import Staff
from dealer_crm.ui.together import counted, first_rows
from reception.models import OrderLine, RepairOrder
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory

pytestmark = [pytest.mark.django_db]


def test_several_lists_are_read_as_django_reads_each(django_assert_num_queries):
    """Every column of the row and of what is selected with it, nulls and annotations too; what is deferred stays so."""
    people = cast.of_store()
    for price in ("12.30", "700"):
        RepairOrderFactory(
            advisor=people.advisor, vehicle__owner__name="王小明", lines=[{"unit_price": Decimal(price)}]
        )
    without_store = Staff.objects.create(username="g1", work_number="G1", name="集团")
    dear = OrderLine.objects.filter(order=OuterRef("pk"), unit_price__gt=100)
    lists = [
        RepairOrder.objects.select_related("vehicle__owner", "customer", "advisor", "original").annotate(
            total=Sum("lines__payable_amount"), is_dear=Exists(dear)
        ).order_by("-pk"),
        Staff.objects.filter(Q(pk=people.advisor.pk) | Q(pk=without_store.pk)).select_related("store").defer(
            "password", "store__address"
        ).order_by("work_number"),
        RepairOrder.objects.filter(pk__in=[]),
        Staff.objects.order_by("pk")[:3],
    ]  # fmt: skip
    with django_assert_num_queries(2):
        counts, found = counted(lists, looked_for=[Staff.objects.filter(name="集团"), Staff.objects.none()])
        orders, staff, nothing, sliced = first_rows(lists, 1)
    assert (counts, found) == ([2, 2, 0, 3], [True, False])
    assert (len(orders), len(staff), nothing, sliced) == (1, 1, [], [])
    for read, asked in zip(first_rows(lists[:2], 8), lists[:2], strict=True):
        for here, there in zip(read, asked, strict=True):
            _assert_same(here, there)


def _assert_same(here, there) -> None:
    assert _told(here) == _told(there)
    assert [name for name, _one in _related(here)] == [name for name, _one in _related(there)]
    for name, one in _related(here):
        if one is not None:
            _assert_same(one, there._state.fields_cache[name])


def _related(row) -> list:
    return sorted(row._state.fields_cache.items())


def _told(row) -> dict:
    return {name: value for name, value in vars(row).items() if name != "_state"}
