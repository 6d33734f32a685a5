"""Before approval people check and dispute, after the lock they appeal: who may what, and what comes of it."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from commission import actions
from commission.choices import AppealState, DisputeRemedy, DisputeState, RunState
from commission.models import Adjustment, AppealVote, Dispute, PayAppeal, Statement
from commission.queries import appeals_to_vote_on, check_of, checked_slips, disputes_to_answer, slips_to_check
from dealer_crm.access.roles import Role
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period, Refusal
from tests.factories.organization import StaffFactory

SEPTEMBER = Period(2026, 9)
AT = datetime(2026, 10, 13, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


pytestmark = pytest.mark.django_db


@pytest.fixture
def house(example_month):
    """The store of the example month with its manager, station manager, payroll and the advisors A01, A02."""
    store = Store.objects.get(code="GD81")
    people = {role: StaffFactory(role=role, store=store) for role in (Role.MANAGER, Role.DIRECTOR, Role.FINANCE)}
    return store, people


@pytest.fixture
def reviewed(house):
    store, people = house
    run = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=AT)
    return actions.review_run(run=run, by=people[Role.MANAGER], at=AT)


@pytest.fixture
def locked(reviewed, house):
    _store, people = house
    run = actions.approve_run(run=reviewed, by=people[Role.DIRECTOR], at=AT)
    return actions.lock_run(run=run, by=people[Role.FINANCE], at=AT)


def slip_of(run, number) -> Statement:
    return Statement.objects.select_related("staff").get(run=run, staff__work_number=number)


def refused(deed, **arguments) -> str:
    with pytest.raises(Refusal) as stopped:
        deed(**arguments)
    return stopped.value.code


def test_everybody_is_asked_to_check_and_approval_with_unchecked_slips_must_be_confirmed(reviewed, house):
    _store, people = house
    first = slip_of(reviewed, "A01")
    everybody = Statement.objects.filter(run=reviewed).count()
    assert Notice.objects.filter(key__startswith=f"run:{reviewed.pk}:check").count() == everybody
    assert slips_to_check(first.staff) == [first]
    assert refused(actions.check_statement, slip=first, by=slip_of(reviewed, "A02").staff, at=AT) == "not_own"
    actions.check_statement(slip=first, by=first.staff, at=AT)
    assert actions.check_statement(slip=first, by=first.staff, at=AT + HOUR).checked_at == AT
    assert slips_to_check(first.staff) == []
    assert sum(one.is_unchecked for one in checked_slips(reviewed)) == everybody - 1
    given = {"run": reviewed, "at": AT + HOUR}
    assert actions.remind_unchecked(by=people[Role.MANAGER], **given) == everybody - 1
    assert refused(actions.remind_unchecked, by=people[Role.MANAGER], **given) == "nobody_to_remind"
    director = people[Role.DIRECTOR]
    assert refused(actions.approve_run, by=director, seen_unchecked=everybody - 2, **given) == "unchecked"
    assert actions.approve_run(by=director, seen_unchecked=everybody - 1, **given).state == RunState.APPROVED
    assert refused(actions.check_statement, slip=first, by=first.staff, at=AT) == "wrong_state"


def test_a_month_computed_again_is_checked_again_only_by_whose_lines_changed(reviewed, house):
    store, people = house
    slips = [slip_of(reviewed, number) for number in ("A01", "T04")]
    for slip in slips:
        actions.check_statement(slip=slip, by=slip.staff, at=AT)
    actions.return_run(run=reviewed, reason="辅料漏记", by=people[Role.MANAGER], at=AT)
    actions.add_adjustment(
        store=store, period=SEPTEMBER, staff=slips[1].staff, amount=Decimal(50), reason="表扬",
        by=people[Role.MANAGER], at=AT,
    )  # fmt: skip
    actions.approve_proposal(proposal=Adjustment.objects.get(), by=people[Role.DIRECTOR], at=AT)
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=AT + HOUR)
    assert [check_of(slip_of(again, number)) is not None for number in ("A01", "T04")] == [True, False]


def test_a_disputed_line_is_answered_and_put_right_before_the_month_is_approved(reviewed, house):
    store, people = house
    manager, director = people[Role.MANAGER], people[Role.DIRECTOR]
    slip, other = slip_of(reviewed, "A01"), slip_of(reviewed, "A02")
    line = slip.lines.get(item="A.complaints")
    assert refused(actions.dispute_line, line=line, text="不是我", by=other.staff, at=AT) == "not_own"
    assert refused(actions.dispute_line, line=line, text=" ", by=slip.staff, at=AT) == "reason_missing"
    dispute = actions.dispute_line(line=line, text="P001 当天我休息", by=slip.staff, at=AT)
    assert refused(actions.dispute_line, line=line, text="再来", by=slip.staff, at=AT) == "disputed_already"
    assert refused(actions.check_statement, slip=slip, by=slip.staff, at=AT) == "dispute_open"
    assert refused(actions.approve_run, run=reviewed, by=director, at=AT) == "dispute_open"
    assert list(disputes_to_answer(manager)) == list(disputes_to_answer(people[Role.FINANCE])) == [dispute]
    given = {"dispute": dispute, "is_upheld": True, "answer": "考勤显示休息", "at": AT + HOUR}
    assert refused(actions.answer_dispute, by=slip.staff, **given) == "four_eyes"
    assert refused(actions.answer_dispute, by=manager, **given) == "remedy_missing"
    assert refused(actions.answer_dispute, by=manager, remedy=DisputeRemedy.ADJUSTMENT, **given) == "amount_missing"
    actions.answer_dispute(by=manager, remedy=DisputeRemedy.ADJUSTMENT, amount=Decimal("148.24"), **given)
    assert refused(actions.answer_dispute, by=manager, remedy=DisputeRemedy.RECOMPUTE, **given) == "decided"
    assert Notice.objects.filter(recipient=slip.staff, key=f"dispute:{dispute.pk}:upheld").exists()
    assert refused(actions.approve_run, run=reviewed, by=director, at=AT) == "dispute_not_put_right"
    actions.return_run(run=reviewed, reason="异议成立", by=director, at=AT + HOUR)
    actions.approve_proposal(proposal=Adjustment.objects.get(), by=director, at=AT + HOUR)
    again = actions.compute_run(store=store, period=SEPTEMBER, by=None, at=AT + 2 * HOUR)
    assert slip_of(again, "A01").net_amount == slip.net_amount + Decimal("148.24")
    actions.review_run(run=again, by=manager, at=AT + 2 * HOUR)
    assert actions.approve_run(run=again, by=director, at=AT + 2 * HOUR).state == RunState.APPROVED


def test_a_dispute_turned_down_lets_the_month_go_on(reviewed, house):
    _store, people = house
    slip = slip_of(reviewed, "T04")
    dispute = actions.dispute_line(line=slip.lines.first(), text="工时少了", by=slip.staff, at=AT)
    actions.answer_dispute(dispute=dispute, is_upheld=False, answer="已逐单核对", by=people[Role.FINANCE], at=AT)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.remedy) == (DisputeState.REJECTED, "")
    assert actions.approve_run(run=reviewed, by=people[Role.DIRECTOR], at=AT).state == RunState.APPROVED


def test_an_appeal_is_decided_by_a_committee_and_what_it_grants_is_paid_in_an_open_month(locked, house):
    _store, people = house
    slip = slip_of(locked, "A01")
    line = slip.lines.get(item="A.complaints")
    told = Notice.objects.get(recipient=slip.staff, key__startswith=f"run:{locked.pk}:locked")
    assert "10-18" in told.text
    given = {"statement": slip, "text": "P002 是配件缺货", "by": slip.staff}
    for arguments, code in (
        ({"line": line, "at": AT + 6 * DAY}, "appeal_late"),
        ({"line": slip_of(locked, "A03").lines.first(), "at": AT}, "not_own"),
        ({"line": line, "at": AT, "by": slip_of(locked, "A02").staff}, "not_own"),
        ({"line": line, "at": AT, "text": " "}, "reason_missing"),
    ):
        assert refused(actions.appeal_against_pay, **(given | arguments)) == code
    appeal = actions.appeal_against_pay(**given, line=line, claimed_amount=Decimal("197.65"), at=AT + 5 * DAY)
    assert refused(actions.appeal_against_pay, **given, line=line, at=AT) == "appealed_already"
    assert {vote.member for vote in appeal.votes.all()} == set(people.values())
    for member in people.values():
        assert list(appeals_to_vote_on(member)) == [appeal]
    vote = {"appeal": appeal, "at": AT + 6 * DAY}
    assert refused(actions.vote_on_appeal, amount=Decimal(1), reasons="好", by=slip.staff, **vote) == "not_decider"
    assert refused(actions.vote_on_appeal, amount=Decimal(1), reasons="", by=people[Role.MANAGER], **vote) == (
        "reason_missing"
    )
    actions.vote_on_appeal(amount=Decimal("197.65"), reasons="缺货属实", by=people[Role.MANAGER], **vote)
    assert refused(actions.vote_on_appeal, amount=Decimal(0), reasons="改", by=people[Role.MANAGER], **vote) == (
        "voted_already"
    )
    actions.vote_on_appeal(amount=Decimal("148.24"), reasons="按一次计", by=people[Role.DIRECTOR], **vote)
    appeal.refresh_from_db()
    assert (appeal.state, appeal.granted_amount) == (AppealState.GRANTED, Decimal("148.24"))
    paid = appeal.adjustment
    assert (paid.period, paid.staff, paid.amount, paid.approved_by) == (
        "2026-10", slip.staff, Decimal("148.24"), people[Role.DIRECTOR],
    )  # fmt: skip
    assert "148.24" in Notice.objects.get(recipient=slip.staff, key=f"pay_appeal:{appeal.pk}:decided").text
    assert (
        refused(actions.vote_on_appeal, amount=Decimal(0), reasons="迟", by=people[Role.FINANCE], **vote) == "decided"
    )


def test_who_answered_the_dispute_or_appeals_sits_on_no_committee(reviewed, house):
    store, people = house
    slip = slip_of(reviewed, "A01")
    dispute = actions.dispute_line(line=slip.lines.get(item="A.share"), text="系数不对", by=slip.staff, at=AT)
    actions.answer_dispute(dispute=dispute, is_upheld=False, answer="无误", by=people[Role.MANAGER], at=AT)
    actions.approve_run(run=reviewed, by=people[Role.DIRECTOR], at=AT)
    actions.lock_run(run=reviewed, by=people[Role.FINANCE], at=AT)
    about = {"statement": slip, "text": "仍不同意", "by": slip.staff, "at": AT}
    disputed = actions.appeal_against_pay(line=slip.lines.get(item="A.share"), **about)
    other = actions.appeal_against_pay(line=None, **about)
    assert {vote.member for vote in disputed.votes.all()} == {people[Role.DIRECTOR], people[Role.FINANCE]}
    assert people[Role.MANAGER] not in {vote.member for vote in other.votes.all()}  # nor where it is about everything
    given = {"appeal": disputed, "by": people[Role.DIRECTOR], "at": AT}
    assert refused(actions.add_member, member=people[Role.MANAGER], **given) == "not_decider"
    third = StaffFactory(role=Role.FINANCE, store=store)
    actions.add_member(member=third, **given)
    for member, amount in ((third, 0), (people[Role.DIRECTOR], 0)):
        actions.vote_on_appeal(appeal=disputed, amount=Decimal(amount), reasons="核对无误", by=member, at=AT)
    disputed.refresh_from_db()
    assert (disputed.state, disputed.adjustment) == (AppealState.REJECTED, None)
    for member, amount in ((people[Role.FINANCE], 80), (people[Role.DIRECTOR], 0)):
        actions.vote_on_appeal(appeal=other, amount=Decimal(amount), reasons="各执一词", by=member, at=AT)
    other.refresh_from_db()
    if other.votes.count() == 2:  # an even split is decided in the person's favour
        assert other.granted_amount == 80


def test_members_who_have_not_voted_are_reminded_after_a_day_and_on_the_last_day_each_once(locked, house):
    store, people = house
    slip = slip_of(locked, "A01")
    appeal = actions.appeal_against_pay(statement=slip, line=None, text="漏项", by=slip.staff, at=AT)
    assert appeal.decide_by == date(2026, 10, 18)
    actions.vote_on_appeal(appeal=appeal, amount=Decimal(0), reasons="已核对", by=people[Role.MANAGER], at=AT + HOUR)
    moments = [AT + 23 * HOUR, AT + DAY, AT + DAY + HOUR, AT + 4 * DAY, AT + 5 * DAY]
    moments += [AT + 6 * DAY, AT + 9 * DAY]  # AT is ten o'clock in the morning
    told = [actions.remind_committees(store=store, at=moment) for moment in moments]
    assert told == [0, 2, 0, 0, 2, 2, 0]
    latest = Notice.objects.filter(key=f"pay_appeal:{appeal.pk}:over")
    assert {notice.recipient for notice in latest} == {people[Role.DIRECTOR], people[Role.FINANCE]}
    named = actions.add_member(
        appeal=appeal, member=StaffFactory(role=Role.FINANCE, store=store), by=people[Role.DIRECTOR], at=AT + 9 * DAY
    )
    assert actions.remind_committees(store=store, at=AT + 9 * DAY + HOUR) == 0  # the last day was over when named
    actions.vote_on_appeal(appeal=named, amount=Decimal(0), reasons="无误", by=people[Role.FINANCE], at=AT + 10 * DAY)
    actions.vote_on_appeal(appeal=named, amount=Decimal(0), reasons="同上", by=people[Role.DIRECTOR], at=AT + 10 * DAY)
    assert actions.remind_committees(store=store, at=AT + 20 * DAY) == 0  # it is decided


def test_without_two_who_may_decide_there_is_no_committee(locked, house):
    _store, people = house
    Staff.objects.filter(pk__in=[people[Role.MANAGER].pk, people[Role.FINANCE].pk]).update(is_active=False)
    slip = slip_of(locked, "A01")
    given = {"statement": slip, "line": None, "text": "漏项", "by": slip.staff, "at": AT}
    assert refused(actions.appeal_against_pay, **given) == "no_committee"


# ── In the browser ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_person_checks_disputes_and_appeals_on_their_own_pages_only(client, reviewed, house):
    _store, people = house
    slip, other = slip_of(reviewed, "A01"), slip_of(reviewed, "A02")
    line = slip.lines.get(item="A.share")
    client.force_login(slip.staff)
    page = client.get(reverse("commission:own_statement", args=[slip.pk]))
    assert (page.context["may_check"], page.context["may_dispute"], page.context["may_appeal"]) == (True, True, False)
    for name, pk in (("dispute_new", other.lines.first().pk), ("appeal_new", other.pk), ("own_statement", other.pk)):
        assert client.get(reverse(f"commission:{name}", args=[pk])).status_code == 404
    assert client.post(reverse("commission:statement_check", args=[other.pk])).status_code == 404
    wrong = client.post(reverse("commission:dispute_new", args=[line.pk]), {"text": ""})
    assert "text" in wrong.context["form"].errors
    client.post(reverse("commission:dispute_new", args=[line.pk]), {"text": "系数不对"})
    assert client.get(reverse("commission:own_statement", args=[slip.pk])).context["open_lines"] == {line.pk}
    client.force_login(people[Role.MANAGER])
    address = reverse("commission:dispute_answer", args=[Dispute.objects.get().pk])
    client.post(address, {"is_upheld": "no", "answer": "系数按任命文件"})
    assert Dispute.objects.get().state == DisputeState.REJECTED
    client.force_login(slip.staff)
    client.post(reverse("commission:statement_check", args=[slip.pk]))
    assert check_of(slip)
    client.force_login(people[Role.DIRECTOR])
    run_page = client.get(reverse("commission:run", args=[reviewed.pk]))
    seen = {"version": reviewed.version, "seen_unchecked": run_page.context["unchecked"]}
    client.post(reverse("commission:run_approve", args=[reviewed.pk]), {"version": reviewed.version})
    reviewed.refresh_from_db()
    assert reviewed.state == RunState.REVIEWED
    client.post(reverse("commission:run_approve", args=[reviewed.pk]), seen)
    reviewed.refresh_from_db()
    assert reviewed.state == RunState.APPROVED
    actions.lock_run(run=reviewed, by=people[Role.FINANCE], at=datetime.now(UTC))
    client.force_login(slip.staff)
    client.post(
        reverse("commission:appeal_new", args=[slip.pk]), {"line": line.pk, "text": "不同意", "claimed_amount": "10"}
    )
    appeal = PayAppeal.objects.get()
    assert client.get(reverse("commission:own_appeals")).context["page"].rows == [appeal]
    assert client.get(reverse("commission:own_statement", args=[slip.pk])).context["appealed_lines"] == {line.pk}
    assert client.get(reverse("commission:appeal", args=[appeal.pk])).status_code == 403
    client.force_login(people[Role.FINANCE])
    address = reverse("commission:appeal_vote", args=[appeal.pk])
    assert (
        client.post(address, {"is_granted": "yes", "reasons": "对"}, headers={"HX-Request": "true"}).status_code == 422
    )
    client.post(address, {"is_granted": "yes", "amount": "10", "reasons": "任命文件有误"})
    assert AppealVote.objects.get(appeal=appeal, member=people[Role.FINANCE]).amount == 10


def test_the_lists_cost_the_same_for_one_and_for_thirty(client, locked, house):
    _store, people = house
    slips = list(Statement.objects.filter(run=locked).select_related("staff"))
    client.force_login(people[Role.MANAGER])
    asked = defaultdict(list)
    for rows in (slips[:1], slips[1:]):
        for slip in rows:
            appeal = PayAppeal.objects.create(
                statement=slip, staff=slip.staff, text="申诉", appealed_at=AT, decide_by=AT.date()
            )
            AppealVote.objects.create(appeal=appeal, member=people[Role.MANAGER], named_at=AT)
            for _time in range(2):
                Dispute.objects.create(
                    run=locked, staff=slip.staff, item="X", name="X", amount=1, text="异", raised_at=AT
                )
        for name in ("appeals", "disputes"):
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"commission:{name}"))
            asked[name].append(len(queries))
    assert all(one == thirty < 16 for one, thirty in asked.values()), asked
