"""One person is told of one occasion once."""

import threading
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from dealer_crm.notices import actions, queries
from dealer_crm.notices.models import Notice
from tests.factories.organization import StaffFactory

AT = datetime(2026, 10, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def tell(*people, key="order:1:late", **fields):
    return actions.notify(**{"recipients": people, "key": key, "text": "京A12345 超时", "at": AT, **fields})


@pytest.mark.django_db
def test_everybody_is_told_once_however_often():
    first, second = StaffFactory.create_batch(2)
    assert [tell(first), tell(first, second), tell(first, second)] == [1, 1, 0]


@pytest.mark.django_db
def test_who_stands_twice_on_the_list_is_told_once():
    person = StaffFactory()
    assert tell(person, person) == 1


@pytest.mark.django_db
def test_another_occasion_is_told_anew():
    person = StaffFactory()
    assert [tell(person), tell(person, key="order:2:late")] == [1, 1]


@pytest.mark.django_db
def test_a_long_text_is_cut_to_what_fits():
    tell(StaffFactory(), text="长" * 500)
    assert len(Notice.objects.get().text) == 300


@pytest.mark.django_db
def test_reading_is_the_recipients_own():
    person, other = StaffFactory.create_batch(2)
    tell(person, other)
    notice = Notice.objects.get(recipient=person)
    actions.mark_read(notice=notice, by=other, at=AT)
    assert queries.unread_count(person) == 1
    actions.mark_read(notice=notice, by=person, at=AT)
    assert (queries.unread_count(person), queries.unread_count(other)) == (0, 1)


@pytest.mark.django_db
def test_everything_is_read_at_once():
    person, other = StaffFactory.create_batch(2)
    for number in range(3):
        tell(person, other, key=f"order:{number}")
    assert actions.mark_all_read(by=person, at=AT) == 3
    assert (queries.unread_count(person), queries.unread_count(other)) == (0, 3)


@pytest.mark.django_db
def test_counting_stops_where_the_bell_does():
    person = StaffFactory()
    Notice.objects.bulk_create(Notice(recipient=person, key=str(number), text="", at=AT) for number in range(150))
    assert queries.unread_count(person) == queries.MOST + 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_telling_at_once_tell_once():
    person, gate = StaffFactory(), threading.Barrier(2)

    def tell_in_a_process():
        gate.wait()
        try:
            tell(person)
        finally:
            connection.close()

    threads = [threading.Thread(target=tell_in_a_process) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Notice.objects.count() == 1
