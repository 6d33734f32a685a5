"""Goodwill: who may grant how much, four eyes, a budget that nobody overdraws. Source: complaints.md, "Goodwill"."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from complaints import actions, queries
from complaints.choices import ComplaintState, GoodwillKind, GoodwillState
from complaints.formulas import may_grant
from complaints.models import Complaint, Goodwill, GoodwillBudget
from dealer_crm.channels.models import Message
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from dealer_crm.values import Period, Refusal
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of

LATER = RECEIVED + timedelta(hours=1)
OCTOBER = Period(2026, 10)


@pytest.mark.parametrize(
    ("amount", "granted", "limit", "expected"),
    [
        (200, 0, 200, True),
        ("200.01", 0, 200, False),
        (100, 150, 200, False),  # in slices either
        (1, 0, 0, False),
        (99999, 0, None, True),
    ],
)
def test_the_limit_is_for_the_whole_case(amount, granted, limit, expected):
    limit = None if limit is None else Decimal(limit)
    assert may_grant(Decimal(amount), granted=Decimal(granted), limit=limit) is expected


@pytest.fixture
def people(db):
    return cast.of_store()


def asked(complaint, amount, by, kind=GoodwillKind.VOUCHER) -> Goodwill:
    return actions.request_goodwill(
        complaint=complaint, kind=kind, amount=Decimal(amount), reason="补偿等待", by=by, at=LATER
    )


def spent() -> list[tuple[str, Decimal, Decimal]]:
    return list(GoodwillBudget.objects.values_list("period", "amount", "spent_amount"))


def test_goodwill_is_asked_for_approved_booked_and_taken_back(people):
    Staff.objects.filter(pk__in=[people.crc.pk, people.agent.pk]).update(phone="13800138000")
    complaint = complaint_of(people)
    goodwill = asked(complaint, "150", people.agent)
    told = Notice.objects.filter(key=f"goodwill:{goodwill.pk}:requested").values_list("recipient__name", flat=True)
    assert (set(told), goodwill.state, spent()) == ({"陈静", "赵建国", "张志远"}, GoodwillState.REQUESTED, [])
    goodwill = actions.approve_goodwill(goodwill=goodwill, by=people.crc, at=LATER, expected_version=1)
    assert set(Message.objects.values_list("key", flat=True)) == {
        f"goodwill:{goodwill.pk}:requested:{people.crc.pk}",
        f"complaint:{complaint.pk}:goodwill:{goodwill.pk}:approved:{people.agent.pk}",
    }
    complaint.refresh_from_db()
    assert (goodwill.budget.period, complaint.goodwill_amount) == ("2026-10", Decimal("150.00"))
    assert spent() == [("2026-10", Decimal("10000.00"), Decimal("150.00"))]
    actions.reverse_goodwill(goodwill=goodwill, reason="客户未领取", by=people.manager, at=LATER + timedelta(days=30))
    complaint.refresh_from_db()
    assert (complaint.goodwill_amount, spent()[0][2]) == (Decimal("0.00"), Decimal("0.00"))
    month = queries.month_of_goodwill(people.store, OCTOBER)
    assert (month.left, month.kinds) == (Decimal("10000.00"), [])


def test_bad_goodwill_is_refused_in_a_sentence(people):
    complaint = complaint_of(people)
    small, large = asked(complaint, "150", people.crc), asked(complaint, "3000", people.agent)
    done = actions.decline_goodwill(
        goodwill=asked(complaint, "10", people.agent), reason="无依据", by=people.crc, at=LATER
    )
    second = asked(complaint, "100", people.agent)
    cases = [
        (lambda: asked(complaint, "0", people.agent), "not_positive"),
        (lambda: asked(complaint, "10", people.technician), "not_concerned"),
        (lambda: actions.approve_goodwill(goodwill=small, by=people.crc, at=LATER), "four_eyes"),
        (lambda: actions.decline_goodwill(goodwill=small, reason="x", by=people.crc, at=LATER), "four_eyes"),
        (lambda: actions.approve_goodwill(goodwill=large, by=people.manager, at=LATER), "above_limit"),
        (lambda: actions.approve_goodwill(goodwill=done, by=people.manager, at=LATER), "decided"),
        (lambda: actions.reverse_goodwill(goodwill=second, reason="x", by=people.manager, at=LATER), "not_approved"),
        (lambda: actions.decline_goodwill(goodwill=second, reason=" ", by=people.manager, at=LATER), "text_missing"),
        (lambda: asked(complaint_of(people, ComplaintState.CLOSED), "10", people.agent), "complaint_closed"),
    ]
    for deed, code in cases:
        with pytest.raises(Refusal) as refused:
            deed()
        assert refused.value.code == code
    actions.approve_goodwill(goodwill=small, by=people.manager, at=LATER)
    with pytest.raises(Refusal, match="已批"):  # 150 + 100 are above the supervisor's 200 for the case
        actions.approve_goodwill(goodwill=second, by=people.crc, at=LATER)


def test_a_decisions_goodwill_is_booked_and_a_new_decision_replaces_it(people):
    complaint = complaint_of(people, ComplaintState.ADVISED)

    def decide(amount, by=people.manager):
        actions.decide(
            complaint=complaint, owner=people.frontdesk, deadline_at=LATER + timedelta(hours=1),
            goodwill_amount=Decimal(amount), text="补偿", by=by, at=LATER,
        )  # fmt: skip

    decide("500")
    first = Goodwill.objects.get()
    assert (first.requested_by, first.decided_by, first.is_of_decision) == (people.crc, people.manager, True)
    decide("500")
    assert Goodwill.objects.count() == 1  # nothing about the money was changed
    decide("800")
    complaint.refresh_from_db()
    assert (complaint.goodwill_amount, spent()[0][2]) == (Decimal("800.00"), Decimal("800.00"))
    with pytest.raises(Refusal) as refused:
        decide("20000", by=people.director)
    assert (refused.value.code, refused.value.field) == ("budget_spent", "goodwill_amount")
    assert spent()[0][2] == Decimal("800.00")  # the former one stands


def test_the_station_manager_sets_the_months_budget(people):
    actions.approve_goodwill(goodwill=asked(complaint_of(people), "1500", people.crc), by=people.manager, at=LATER)

    def change(amount, period=OCTOBER):
        return actions.change_goodwill_budget(
            store=people.store, period=period, amount=Decimal(amount), by=people.director, at=LATER
        )

    assert change("2000").left_amount == Decimal("500.00")
    for amount, period, code in (("1499", OCTOBER, "below_spent"), ("9000", OCTOBER.previous(), "month_past")):
        with pytest.raises(Refusal) as refused:
            change(amount, period)
        assert refused.value.code == code
    with pytest.raises(IntegrityError), transaction.atomic():
        GoodwillBudget.objects.update(spent_amount=Decimal(2001))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_spend_no_budget_twice():
    people = cast.of_store()
    actions.change_goodwill_budget(
        store=people.store, period=OCTOBER, amount=Decimal(1000), by=people.director, at=LATER
    )
    wanted = [asked(complaint_of(people), "600", people.agent) for _n in range(4)]
    barrier, outcomes = threading.Barrier(4), []

    def approve(goodwill, by):
        try:
            barrier.wait()
            actions.approve_goodwill(goodwill=goodwill, by=by, at=LATER)
            outcomes.append("granted")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    approvers = [people.manager, people.director] * 2
    threads = [threading.Thread(target=approve, args=pair) for pair in zip(wanted, approvers, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["budget_spent"] * 3 + ["granted"]
    assert spent() == [("2026-10", Decimal("1000.00"), Decimal("600.00"))]
    assert Complaint.objects.filter(goodwill_amount=600).count() == 1
