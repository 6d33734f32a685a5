"""The honesty ledger: everything odd of a month, once, with its review."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callback import actions, queries
from callback.choices import HonestyKind, Outcome, TaskState, Verdict
from callback.models import HonestyReview
from dealer_crm.values import Period, Refusal
from reception import actions as reception
from reception.choices import OrderState
from tests.factories.callback import TEN, CallTaskFactory, ContactFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory, VehicleFactory

MONTH = Period.parse("2026-10")


@pytest.fixture
def odd(people):
    """One oddity of every kind, and for each something near it that is in order."""
    store, crc = people.store, people.crc

    def order(customer, **more):
        return RepairOrderFactory(
            advisor=people.advisor, vehicle=VehicleFactory(store=store, owner=customer), began_at=TEN, **more
        )

    changed, unvisited = CustomerFactory(store=store), CustomerFactory(store=store)
    order(changed)
    for customer in (changed, unvisited):
        phone = customer.phones.get()
        reception.change_phone(phone=phone, number=f"139{customer.pk % 10**8:08d}", by=crc, at=TEN + timedelta(hours=4))
    people.technician.phone = "13911112222"
    people.technician.save(update_fields=["phone"])
    for _double in range(3):
        order(CustomerFactory(store=store, phone="+8613911112222"))
    for seconds in (5, 300):
        ContactFactory(store=store, agent=people.agent, at=TEN, started_at=TEN - timedelta(seconds=seconds))
    ContactFactory(store=store, at=TEN, started_at=TEN - timedelta(seconds=5), outcome=Outcome.BUSY)
    called = order(CustomerFactory(store=store), state=OrderState.DELIVERED)
    for number in range(10):
        CallTaskFactory(
            order=called, source_key=f"odd:{number}", state=TaskState.UNREACHED if number < 3 else TaskState.DONE
        )
    reception.change_customer(customer=unvisited, by=crc, at=TEN, no_call_since=TEN.date(), no_call_reason="不愿接电话")
    return people


def test_every_oddity_of_the_month_is_listed_and_what_is_in_order_is_not(odd):
    begin, until = MONTH.bounds(odd.store.tz)
    found = queries.findings(odd.store, begin, until)
    assert {kind: len(rows) for kind, rows in found.items()} == {
        HonestyKind.PHONE_CHANGED: 1, HonestyKind.PHONE_OF_STAFF: 3, HonestyKind.PHONE_SHARED: 1,
        HonestyKind.SHORT_CALL: 1, HonestyKind.UNREACHABLE: 1, HonestyKind.EXCLUDED: 1,
    }  # fmt: skip
    assert found[HonestyKind.UNREACHABLE][0].who == odd.advisor.name
    assert "不愿接电话" in found[HonestyKind.EXCLUDED][0].detail
    shown = "".join(one.detail for rows in found.values() for one in rows)
    assert "13911112222" not in shown and "1111" not in shown
    earlier = queries.findings(odd.store, *MONTH.previous().bounds(odd.store.tz))
    assert not any(earlier.values())


def test_a_finding_is_reviewed_and_nothing_else_happens(client, odd):
    client.force_login(odd.crc)
    page = client.get(reverse("callback:honesty"), {"period": "2026-10"})
    kind, rows, waiting = page.context["kinds"][0]
    assert (kind, len(rows), waiting) == (HonestyKind.PHONE_CHANGED, 1, 1)
    said = {"kind": kind.value, "key": rows[0].key, "period": "2026-10"}
    assert client.get(reverse("callback:honesty_review"), said).status_code == 200
    client.post(reverse("callback:honesty_review"), {**said, "verdict": "wrong", "note": ""})
    assert not HonestyReview.objects.exists()
    for verdict in ("spoken", "wrong"):
        client.post(reverse("callback:honesty_review"), {**said, "verdict": verdict, "note": "已与顾问谈话"})
    review = HonestyReview.objects.get()
    assert (review.verdict, review.by) == (Verdict.WRONG, odd.crc)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("callback:honesty"), {"period": "2026-10"})
    assert page.context["kinds"][0][1][0].review == review
    for _more in range(20):
        ContactFactory(store=odd.store, agent=odd.agent, at=TEN, started_at=TEN - timedelta(seconds=5))
    with CaptureQueriesContext(connection) as again:
        client.get(reverse("callback:honesty"), {"period": "2026-10"})
    assert len(again) == len(asked)
    with pytest.raises(Refusal):
        actions.review_finding(store=odd.store, kind=kind, key="x:1", verdict="wrong", note=" ", by=odd.crc, at=TEN)
