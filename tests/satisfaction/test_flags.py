"""Bad answers: who deals with them, until when, what becomes of them. Source: spec satisfaction.md, "A bad answer"."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from complaints.actions import record_complaint
from complaints.choices import Category, ComplaintSource, Severity
from dealer_crm.notices.models import Notice
from dealer_crm.ui.home import card_for
from dealer_crm.values import Refusal
from satisfaction import actions, queries
from satisfaction.models import Flag
from satisfaction.views.cards import flags_card
from tests.factories import cast
from tests.factories.reception import RepairOrderFactory
from tests.factories.satisfaction import ANSWERED, response

HOUR = timedelta(hours=1)


@pytest.fixture
def people(db):
    return cast.of_store()


def flagged(people, order=None, at=ANSWERED) -> Flag:
    response(people, {"F07": 2}, order=order, at=at)
    return Flag.objects.latest("pk")


def complaint(people, order):
    return record_complaint(
        store=people.store, order=order, customer=order.customer, vehicle=order.vehicle, source=ComplaintSource.CALL,
        severity=Severity.GENERAL, category=Category.WAITING, received_at=ANSWERED, description="等了三个小时",
        by=people.agent, at=ANSWERED + HOUR,
    )  # fmt: skip


def test_a_bad_answer_is_given_to_somebody_who_is_told_and_sees_that_one_alone(client, people):
    mine, _others = flagged(people), flagged(people)
    assert mine.due_at == ANSWERED + 24 * HOUR
    actions.assign_flag(flag=mine, owner=people.advisor, by=people.crc, at=ANSWERED)
    actions.assign_flag(flag=mine, owner=people.advisor, by=people.crc, at=ANSWERED)
    assert Notice.objects.filter(recipient=people.advisor).count() == 1
    client.force_login(people.advisor)
    assert client.get(reverse("satisfaction:flags")).context["page"].rows == [mine]
    client.post(reverse("satisfaction:flag_deal", args=[mine.pk]), {"result": "已上门致歉"})
    mine.refresh_from_db()
    assert (mine.dealt_by, mine.result) == (people.advisor, "已上门致歉")
    with pytest.raises(Refusal):
        actions.assign_flag(flag=mine, owner=people.frontdesk, by=people.crc, at=ANSWERED)


def test_it_is_not_given_to_another_store(people):
    with pytest.raises(Refusal):
        actions.assign_flag(flag=flagged(people), owner=cast.of_second_store().advisor, by=people.crc, at=ANSWERED)


def test_owners_and_those_who_deal_are_reminded_once_for_all_that_is_nearly_due(people):
    mine = flagged(people)
    for _n in range(3):
        flagged(people)
    actions.assign_flag(flag=mine, owner=people.advisor, by=people.crc, at=ANSWERED)
    remind = lambda hours: actions.remind_of_flags(store=people.store, at=ANSWERED + hours * HOUR)  # noqa: E731
    assert [remind(19), remind(20), remind(30)] == [0, 4, 0]
    reminded = Notice.objects.filter(key__startswith="flags:")
    assert sorted(reminded.values_list("recipient__name", flat=True)) == sorted(
        [people.advisor.name, people.crc.name, people.manager.name]
    )
    assert "3 条" in reminded.get(recipient=people.manager).text


def test_a_matter_that_becomes_a_complaint_is_dealt_with_there(people):
    order = RepairOrderFactory(advisor=people.advisor)
    before, elsewhere = flagged(people, order), flagged(people, RepairOrderFactory(advisor=people.advisor))
    made = complaint(people, order)
    later = flagged(people, order, at=ANSWERED + HOUR)
    for flag in (before, later):
        flag.refresh_from_db()
        assert (flag.complaint_number, flag.dealt_by) == (made.number, people.agent)
        assert flag.complaint_url == reverse("complaints:complaint", args=[made.pk])
    elsewhere.refresh_from_db()
    assert elsewhere.dealt_at is None


def test_how_well_the_hours_are_kept_is_measured(people):
    for hours in (2, 6, 30):
        actions.deal_with_flag(flag=flagged(people), result="已处理", by=people.crc, at=ANSWERED + hours * HOUR)
    flagged(people)
    start, end = ANSWERED - 24 * HOUR, ANSWERED + 48 * HOUR
    soon, late = (
        queries.flag_figures(people.crc, start=start, end=end, at=ANSWERED + hours * HOUR) for hours in (10, 40)
    )
    assert (soon.raised, soon.in_time, soon.open_now, soon.late_now) == (3, 2, 1, 0)
    assert (late.raised, late.in_time, late.late_now, late.waited) == (4, 2, 1, 6 * HOUR)
    assert late.in_time_share == Decimal("0.5")
    at = ANSWERED + 40 * HOUR
    assert queries.flag_counts(people.crc, at=at) == {"open": 1, "late": 1, "own": 0}
    assert queries.flags_matching(people.crc, at=at, shown="late").count() == 1


def test_the_page_of_one_shows_everything_the_customer_said(client, people):
    flag = flagged(people)
    client.force_login(people.crc)
    shown = client.get(reverse("satisfaction:flag", args=[flag.pk]))
    assert len(shown.context["answers"]) == 14
    given = client.post(reverse("satisfaction:flag_assign", args=[flag.pk]), {"owner": people.advisor.pk})
    flag.refresh_from_db()
    assert (given.url, flag.owner) == (reverse("satisfaction:flag", args=[flag.pk]), people.advisor)


def test_the_first_page_has_a_row_for_each_who_was_displeased_however_much_was_wrong(people):
    furious = RepairOrderFactory(advisor=people.advisor)
    response(people, {"F01": 1, "F05": 2, "F07": 3}, order=furious)
    flagged(people, at=ANSWERED + HOUR)
    card = card_for(flags_card, people.crc, ANSWERED + HOUR)
    assert (card.count, len(card.items), card.items[0].label) == (2, 2, str(furious.customer))
    assert [item.detail.count("、") for item in card.items] == [1, 0]
