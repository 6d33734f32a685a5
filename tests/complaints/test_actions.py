"""The closed loop: every step in its turn, by the right person, kept with who and when. Source: spec complaints.md."""

from datetime import timedelta
from decimal import Decimal

import pytest

from complaints import actions
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity, StepKind
from complaints.events import complaint_closed, complaint_recorded, complaint_resolved, complaint_verified
from complaints.models import Complaint
from complaints.settings import REPLY_HOURS
from dealer_crm.journal.queries import entries_about
from dealer_crm.notices.models import Notice
from dealer_crm.organization.actions import set_figure
from dealer_crm.values import Refusal, Stale
from tests.factories import cast
from tests.factories.complaints import RECEIVED, complaint_of
from tests.factories.organization import StaffFactory
from tests.factories.reception import CustomerFactory, RepairOrderFactory

pytestmark = pytest.mark.django_db

LATER = RECEIVED + timedelta(hours=1)
NEW, ADVISED, DECIDED = ComplaintState.RECORDED, ComplaintState.ADVISED, ComplaintState.DECIDED
REMEDIED, CHECKED, CLOSED = ComplaintState.REMEDIED, ComplaintState.CHECKED, ComplaintState.CLOSED


@pytest.fixture
def people():
    return cast.of_store()


@pytest.fixture
def heard():
    """What was announced: signal → the ids, in order."""
    announced = []

    def listener(name):
        def hear(sender, complaint_id, at, **_more):
            announced.append((name, complaint_id, at))

        return hear

    signals = {
        "recorded": complaint_recorded,
        "resolved": complaint_resolved,
        "closed": complaint_closed,
        "verified": complaint_verified,
    }
    listeners = {name: listener(name) for name in signals}
    for name, signal in signals.items():
        signal.connect(listeners[name])
    yield announced
    for name, signal in signals.items():
        signal.disconnect(listeners[name])


def record(people, **fields):
    return actions.record_complaint(
        **{
            "store": people.store,
            "order": None,
            "customer": None,
            "vehicle": None,
            "source": ComplaintSource.PHONE,
            "severity": Severity.GENERAL,
            "category": Category.WAITING,
            "received_at": RECEIVED,
            "description": "等了三个小时",
            "by": people.agent,
            "at": RECEIVED,
            **fields,
        }
    )


# ── intake ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_complaint_gets_its_number_and_clocks_from_receipt(people, heard):
    complaint = record(people, received_at=RECEIVED - timedelta(minutes=20))
    assert complaint.number == "TSBJ01-261013-0001"
    assert (complaint.reply_due_at, complaint.solve_due_at) == (
        RECEIVED + timedelta(hours=1, minutes=40),
        RECEIVED + timedelta(hours=23, minutes=40),
    )
    assert (complaint.state, complaint.version, complaint.created_by) == (NEW, 1, people.agent)
    assert heard == [("recorded", complaint.pk, RECEIVED)]
    assert [(step.kind, step.by) for step in complaint.steps.all()] == [(StepKind.RECORD, people.agent)]
    assert entries_about(complaint).get().verb == "complaint.recorded"
    assert list(Notice.objects.values_list("recipient", "key")) == [
        (people.crc.pk, f"complaint:{complaint.pk}:recorded")
    ]


def test_customer_and_car_come_from_the_order(people):
    order = RepairOrderFactory(advisor=people.advisor)
    complaint = record(people, order=order)
    assert (complaint.customer, complaint.vehicle) == (order.customer, order.vehicle)


def test_the_clock_follows_the_figure_of_the_store(people):
    set_figure(
        figure=REPLY_HOURS[Severity.GENERAL],
        store=people.store,
        value=1,
        starts_on=RECEIVED.date(),
        by=None,
        at=RECEIVED,
    )
    assert record(people).reply_due_at == RECEIVED + timedelta(hours=1)


def test_the_manufacturer_gives_its_own_time_to_first_contact(people):
    complaint = record(people, source=ComplaintSource.MANUFACTURER, severity=Severity.IMPORTANT)
    assert complaint.reply_due_at == RECEIVED + timedelta(hours=4)


def test_alarming_words_make_it_major_and_the_first_step_says_why(people):
    complaint = record(people, description="刹车失灵，我要打12315")
    assert complaint.severity == Severity.MAJOR
    assert complaint.steps.get().text == "严重程度由“一般”升为“重大”（敏感词：刹车、12315）"


def test_the_third_complaint_of_one_matter_weighs_more(people):
    customer = CustomerFactory(store=people.store)
    severities = [
        record(people, customer=customer, category=category).severity
        for category in (Category.WAITING, Category.PRICE, Category.WAITING, Category.WAITING)
    ]
    assert severities == ["general", "general", "general", "important"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"description": "  "}, "text_missing"),
        ({"received_at": RECEIVED + timedelta(seconds=1)}, "refused"),
    ],
)
def test_an_unfounded_complaint_is_refused(people, fields, code):
    with pytest.raises(Refusal) as refused:
        record(people, **fields)
    assert refused.value.code == code
    assert Complaint.objects.count() == 0


def test_an_order_of_another_store_or_customer_is_refused(people):
    foreign = RepairOrderFactory(advisor=cast.of_second_store().advisor)
    with pytest.raises(Refusal):
        record(people, order=foreign)
    with pytest.raises(Refusal):
        record(people, order=RepairOrderFactory(advisor=people.advisor), customer=CustomerFactory(store=people.store))


# ── the loop ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def steps_of(people):
    """Every step of the loop as a call on a complaint."""
    return {
        "advise": lambda c: actions.advise(complaint=c, text="建议", by=people.crc, at=LATER),
        "decide": lambda c: actions.decide(
            complaint=c,
            owner=people.frontdesk,
            deadline_at=LATER + timedelta(hours=2),
            text="处理",
            by=people.manager,
            at=LATER,
        ),
        "remedy": lambda c: actions.remedy(complaint=c, text="已处理", by=people.frontdesk, at=LATER),
        "check": lambda c: actions.check_remedy(complaint=c, is_good=True, by=people.manager, at=LATER),
        "ask": lambda c: actions.ask_customer(complaint=c, is_satisfied=True, by=people.crc, at=LATER),
        "close": lambda c: actions.close_unsatisfied(complaint=c, text="客户不接受", by=people.manager, at=LATER),
        "reply": lambda c: actions.reply_to_customer(complaint=c, text="已致歉", by=people.agent, at=LATER),
        "pause": lambda c: actions.pause_clock(complaint=c, reason="客户出差", by=people.crc, at=LATER),
        "resume": lambda c: actions.resume_clock(complaint=c, by=people.crc, at=LATER),
        "verify": lambda c: actions.verify_complaint(
            complaint=c, is_verified=False, text="无依据", by=people.manager, at=LATER
        ),
    }


MAY = {
    NEW: {"advise", "reply", "pause"},
    ADVISED: {"decide", "reply", "pause", "verify"},
    DECIDED: {"decide", "remedy", "reply", "pause", "verify"},
    REMEDIED: {"check", "reply", "pause", "verify"},
    CHECKED: {"ask", "reply", "verify"},
    CLOSED: {"verify"},
}


@pytest.mark.parametrize("state", list(ComplaintState))
@pytest.mark.parametrize(
    "step", ["advise", "decide", "remedy", "check", "ask", "close", "reply", "pause", "resume", "verify"]
)
def test_a_step_is_taken_in_its_turn_or_refused_with_a_sentence(people, state, step):
    complaint = complaint_of(people, state)
    before = (complaint.version, complaint.steps.count())
    if step in MAY[state]:
        steps_of(people)[step](complaint)
        complaint.refresh_from_db()
        assert complaint.version > before[0]
        return
    with pytest.raises(Refusal) as refused:
        steps_of(people)[step](complaint)
    complaint.refresh_from_db()
    assert (complaint.version, complaint.steps.count()) == before
    assert complaint.number in str(refused.value)


def test_a_refused_step_says_what_comes_next(people):
    complaint = complaint_of(people, ADVISED)
    with pytest.raises(Refusal) as early:
        steps_of(people)["check"](complaint)
    with pytest.raises(Refusal) as late:
        steps_of(people)["advise"](complaint)
    assert str(early.value) == f"{complaint.number} 还不能进行“经理检查”：目前为“主管已建议”，下一步是“经理决定”。"
    assert str(late.value) == f"{complaint.number} 的“主管建议”已经做过：目前为“主管已建议”，下一步是“经理决定”。"


def test_the_whole_loop_is_kept_step_by_step(people, heard):
    complaint = complaint_of(people, CLOSED)
    told = [(step.kind, step.by, step.round) for step in complaint.steps.all()]
    assert told == [
        (StepKind.RECORD, people.agent, 1),
        (StepKind.ADVICE, people.crc, 1),
        (StepKind.DECISION, people.manager, 1),
        (StepKind.REMEDY, people.frontdesk, 1),
        (StepKind.CHECK, people.manager, 1),
        (StepKind.ASK, people.crc, 1),
        (StepKind.CLOSE, people.crc, 1),
    ]
    assert (complaint.is_satisfied, complaint.solved_at, complaint.closed_at) == (
        True,
        RECEIVED + timedelta(minutes=40),
        RECEIVED + timedelta(minutes=50),
    )
    assert [name for name, _pk, _at in heard] == ["recorded", "resolved", "closed"]
    assert entries_about(complaint).count() == 7


def test_a_customer_who_is_not_satisfied_opens_the_next_round(people, heard):
    complaint = complaint_of(people, CHECKED)
    actions.ask_customer(complaint=complaint, is_satisfied=False, text="问题又出现了", by=people.agent, at=LATER)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.round, complaint.is_satisfied, complaint.solved_at) == (NEW, 2, False, None)
    assert complaint.solve_due_at == LATER + timedelta(hours=24)
    assert [name for name, _pk, _at in heard] == ["recorded", "resolved"]
    with pytest.raises(Refusal):  # asked in round 1, and round 2 not put right yet: only the manager may end it
        steps_of(people)["ask"](complaint)
    actions.close_unsatisfied(complaint=complaint, text="已协商未果，转法务", by=people.manager, at=LATER)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.is_satisfied) == (CLOSED, False)


def test_a_remedy_under_the_customers_eyes_can_not_be_closed_unasked(people):
    complaint = complaint_of(people, CHECKED)
    with pytest.raises(Refusal) as refused:
        steps_of(people)["close"](complaint)
    assert refused.value.code == "unasked"


def test_a_bad_remedy_goes_back_to_its_owner_with_the_reason(people):
    complaint = complaint_of(people, REMEDIED)
    actions.check_remedy(complaint=complaint, is_good=False, text="没有致歉", by=people.manager, at=LATER)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.solved_at) == (DECIDED, None)
    notice = Notice.objects.get(key__endswith=f":returned:{complaint.version}")
    assert (notice.recipient, notice.text) == (people.frontdesk, f"{complaint.number} 的处理未通过检查：没有致歉")


def test_nobody_checks_their_own_remedy(people):
    complaint = complaint_of(people, REMEDIED, owner=people.manager)
    with pytest.raises(Refusal) as refused:
        actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=LATER)
    assert refused.value.code == "own_remedy"
    actions.check_remedy(complaint=complaint, is_good=True, by=people.director, at=LATER)


def test_only_the_owner_reports_the_remedy(people):
    complaint = complaint_of(people, DECIDED)
    with pytest.raises(Refusal) as refused:
        actions.remedy(complaint=complaint, text="已处理", by=people.manager, at=LATER)
    assert refused.value.code == "not_owner"


@pytest.mark.parametrize(("minutes", "expected"), [(5, 5), (130, 130)])
def test_only_the_first_reply_stops_the_reply_clock(people, minutes, expected):
    complaint = complaint_of(people)
    for after in (minutes, minutes + 60):
        actions.reply_to_customer(
            complaint=complaint, text="已致歉", by=people.agent, at=RECEIVED + timedelta(minutes=after)
        )
    complaint.refresh_from_db()
    assert complaint.first_reply_at == RECEIVED + timedelta(minutes=expected)


def test_a_bystander_neither_replies_nor_stops_the_clock(people):
    complaint = complaint_of(people)
    for step in (actions.reply_to_customer, actions.pause_clock):
        words = {"reason" if step is actions.pause_clock else "text": "我来"}
        with pytest.raises(Refusal) as refused:
            step(complaint=complaint, **words, by=people.technician, at=LATER)
        assert refused.value.code == "not_concerned"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"deadline_at": LATER}, "deadline_past"),
        ({"goodwill_amount": Decimal("2000.01")}, "above_limit"),
        ({"goodwill_amount": Decimal(-1)}, "refused"),
        ({"text": " "}, "text_missing"),
        ({"owner": None}, "foreign_owner"),
    ],
)
def test_a_decision_without_ground_is_refused(people, fields, code):
    complaint = complaint_of(people, ADVISED)
    decision = {"owner": people.frontdesk, "deadline_at": LATER + timedelta(hours=1), "text": "处理", **fields}
    with pytest.raises(Refusal) as refused:
        actions.decide(complaint=complaint, **decision, by=people.manager, at=LATER)
    assert refused.value.code == code


def test_goodwill_above_the_managers_limit_is_the_directors(people):
    complaint = complaint_of(people, ADVISED)
    decision = {"owner": people.frontdesk, "deadline_at": LATER + timedelta(hours=1), "text": "免单"}
    actions.decide(complaint=complaint, goodwill_amount=Decimal(5000), **decision, by=people.director, at=LATER)
    complaint.refresh_from_db()
    assert complaint.goodwill_amount == Decimal("5000.00")


def test_an_owner_of_another_store_is_refused(people):
    stranger = StaffFactory()
    with pytest.raises(Refusal) as refused:
        actions.decide(
            complaint=complaint_of(people, ADVISED),
            owner=stranger,
            deadline_at=LATER + timedelta(hours=1),
            text="处理",
            by=people.manager,
            at=LATER,
        )
    assert refused.value.code == "foreign_owner"


def test_an_old_version_overwrites_nothing(people):
    complaint = complaint_of(people)
    with pytest.raises(Stale):
        actions.advise(
            complaint=complaint, text="建议", by=people.crc, at=LATER, expected_version=complaint.version - 1
        )


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_both_clocks_stand_while_the_customer_is_awaited(people):
    complaint = complaint_of(people)
    actions.pause_clock(complaint=complaint, reason="等客户寄照片", by=people.crc, at=RECEIVED + timedelta(minutes=30))
    actions.resume_clock(complaint=complaint, by=people.crc, at=RECEIVED + timedelta(minutes=90))
    complaint.refresh_from_db()
    assert (complaint.reply_due_at, complaint.solve_due_at) == (
        RECEIVED + timedelta(hours=3),
        RECEIVED + timedelta(hours=25),
    )
    assert (complaint.stopped_for, complaint.paused_at, complaint.pause_reason) == (timedelta(hours=1), None, "")


def test_a_met_reply_clock_is_not_moved_by_a_stop(people):
    complaint = complaint_of(people)
    actions.reply_to_customer(complaint=complaint, text="已致歉", by=people.agent, at=RECEIVED + timedelta(minutes=10))
    actions.pause_clock(complaint=complaint, reason="客户出差", by=people.crc, at=RECEIVED + timedelta(minutes=20))
    actions.resume_clock(complaint=complaint, by=people.crc, at=RECEIVED + timedelta(minutes=80))
    complaint.refresh_from_db()
    assert complaint.reply_due_at == RECEIVED + timedelta(hours=2)


def test_a_remedy_is_not_checked_while_the_clock_stands(people):
    complaint = complaint_of(people, REMEDIED)
    actions.pause_clock(complaint=complaint, reason="等客户", by=people.crc, at=LATER)
    with pytest.raises(Refusal) as refused:
        actions.check_remedy(complaint=complaint, is_good=True, by=people.manager, at=LATER)
    assert refused.value.code == "clock_stands"


# ── verification ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_verified_complaint_names_who_answers_and_tells_them(people, heard):
    complaint = complaint_of(people, CLOSED)
    shares = {people.advisor: Decimal("0.6"), people.technician: Decimal("0.4")}
    actions.verify_complaint(
        complaint=complaint, is_verified=True, shares=shares, text="录音属实", by=people.manager, at=LATER
    )
    complaint.refresh_from_db()
    assert (complaint.is_verified, complaint.verified_at, complaint.verified_by) == (True, LATER, people.manager)
    assert dict(complaint.responsibilities.values_list("staff__name", "share")) == {
        "李明": Decimal("0.6000"),
        "王刚": Decimal("0.4000"),
    }
    told = Notice.objects.filter(key__startswith=f"complaint:{complaint.pk}:verified:{complaint.version}")
    assert {notice.recipient for notice in told} == {people.advisor, people.technician}
    assert heard[-1] == ("verified", complaint.pk, LATER)


def test_a_decision_may_be_taken_again_and_replaces_the_shares(people):
    complaint = complaint_of(people, CLOSED)
    actions.verify_complaint(
        complaint=complaint,
        is_verified=True,
        shares={people.advisor: Decimal(1)},
        text="属实",
        by=people.manager,
        at=LATER,
    )
    actions.verify_complaint(complaint=complaint, is_verified=False, text="申诉成立", by=people.manager, at=LATER)
    complaint.refresh_from_db()
    assert (complaint.is_verified, complaint.responsibilities.count()) == (False, 0)
    assert complaint.steps.filter(kind=StepKind.VERIFY).count() == 2


@pytest.mark.parametrize(
    ("is_verified", "shares", "code"),
    [
        (True, {"advisor": "0.6", "technician": "0.3"}, "shares_not_whole"),
        (True, {"advisor": "1.5", "technician": "-0.5"}, "share_off_scale"),
        (False, {"advisor": "1"}, "shares_of_nothing"),
        (True, {"manager": "1"}, "own_cause"),
    ],
)
def test_an_unfair_verdict_is_refused(people, is_verified, shares, code):
    complaint = complaint_of(people, CLOSED)
    with pytest.raises(Refusal) as refused:
        actions.verify_complaint(
            complaint=complaint,
            is_verified=is_verified,
            shares={getattr(people, role): Decimal(share) for role, share in shares.items()},
            text="理由",
            by=people.manager,
            at=LATER,
        )
    assert refused.value.code == code
    assert complaint.responsibilities.count() == 0
