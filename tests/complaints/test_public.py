"""The public form: no sign-in, nothing of the house, at a person's pace, matched to a customer by people."""

import threading
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import queries
from complaints.choices import Category, ComplaintSource
from complaints.models import Complaint
from complaints.views.public import MOST_SENT, SPAN
from dealer_crm.notices.models import Notice
from tests.factories import cast
from tests.factories.files import photo, upload
from tests.factories.reception import CustomerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_has_asked_yet():
    cache.clear()


@pytest.fixture
def people(db):
    return cast.of_store()


@pytest.fixture
def form(people, client):
    """The address, and what a customer writes into it."""
    address = queries.public_path(people.store)
    key = client.get(address).context["form"].initial["form_key"]
    return address, {
        "form_key": key, "caller_name": "刘女士", "caller_phone": "139 0000 1111", "plate": "京a12345",
        "description": "洗车把后视镜碰坏了", "wish": "修好",
    }  # fmt: skip


def test_a_customer_writes_without_signing_in_and_gets_the_number_of_the_case(people, client, form):
    address, written = form
    before = timezone.now()
    answers = [client.post(address, {**written, "evidence": [photo()]}) for _press in range(2)]
    complaint = Complaint.objects.get()  # pressed twice, it is one
    assert all(complaint.number in answer.content.decode() for answer in answers)
    assert (complaint.source, complaint.category, complaint.created_by) == (ComplaintSource.WEB, Category.OTHER, None)
    assert complaint.received_at >= before
    assert (complaint.caller_phone, complaint.customer) == ("+8613900001111", None)
    assert "京A12345" in complaint.description
    assert complaint.evidence.count() == 1
    assert Notice.objects.filter(recipient=people.crc, key=f"complaint:{complaint.pk}:recorded").exists()


def test_nothing_of_the_house_is_shown_but_its_name(people, client, form):
    shown = client.get(form[0]).content.decode()
    assert people.store.name in shown
    for person in (people.crc, people.manager):
        assert person.name not in shown
    assert "sidebar" not in shown


def test_the_customer_of_the_number_is_proposed_and_a_person_decides(people, client, form):
    known = CustomerFactory(store=people.store, name="刘桂英")
    known.phones.update(number="+8613900001111")
    client.post(*form)
    complaint = Complaint.objects.get()
    client.force_login(people.crc)
    page = client.get(reverse("complaints:complaint", args=[complaint.pk])).content.decode()
    amend = reverse("complaints:amend", args=[complaint.pk])
    assert f"{amend}?customer={known.pk}" in page
    sheet = client.get(amend, {"customer": known.pk}).context["form"]
    client.post(amend, {name: sheet[name].value() or "" for name in sheet.fields if name != "concerned"})
    complaint.refresh_from_db()
    assert complaint.customer == known


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"caller_name": ""}, "caller_name"),
        ({"caller_phone": ""}, "caller_phone"),
        ({"caller_phone": "12345"}, "caller_phone"),
        ({"description": "  "}, "description"),
        ({"happened_at": "2099-01-01T10:00"}, "happened_at"),
        ({"evidence": [upload(b"MZ\x90 program", "照片.jpg")]}, "evidence"),
        ({"form_key": "x"}, "form_key"),
    ],
)
def test_what_cannot_be_taken_is_told_at_its_field_and_nothing_is_kept(client, form, wrong, field):
    address, written = form
    answer = client.post(address, {**written, **wrong})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Complaint.objects.exists()


@pytest.mark.parametrize("token", ["BJ01", "BJ01:forged", "SH02:" + "x" * 43])
def test_a_link_nobody_signed_leads_nowhere(client, token):
    assert client.get(reverse("complaints:public", args=[token])).status_code == 404


def test_a_machine_is_slowed_down_and_told_when_to_come_back(client, form):
    address, written = form
    for number in range(MOST_SENT):
        key = f"00000000-0000-4000-8000-{number:012d}"
        assert client.post(address, {**written, "form_key": key}).status_code == 200
    busy = client.post(address, {**written, "form_key": "00000000-0000-4000-8000-999999999999"})
    assert (busy.status_code, busy["Retry-After"]) == (429, str(SPAN))
    assert Complaint.objects.count() == MOST_SENT
    client.post(address, {**written, "website": "http://spam"})
    assert Complaint.objects.count() == MOST_SENT


def test_the_desk_shows_the_code_and_prints_the_sheet(people, client):
    client.force_login(people.agent)
    assert queries.public_path(people.store) in client.get(reverse("complaints:poster")).content.decode()
    assert client.get(reverse("complaints:poster_code"))["Content-Type"] == "image/svg+xml"
    assert client.get(reverse("complaints:poster_print")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_the_same_moment_is_one_complaint():
    people, barrier, answers = cast.of_store(), threading.Barrier(4), []
    address = queries.public_path(people.store)
    written = {
        "form_key": str(uuid.uuid4()), "caller_name": "刘女士", "caller_phone": "13900001111", "description": "划伤",
    }  # fmt: skip

    def send():
        try:
            barrier.wait()
            answers.append(Client().post(address, written))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _press in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    number = Complaint.objects.get().number
    assert [(answer.status_code, number in answer.content.decode()) for answer in answers] == [(200, True)] * 4
