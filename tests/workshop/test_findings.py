"""From the car to the advisor and back: what was found, its pictures, the customer's answer."""

import pytest
from django.urls import reverse
from django.utils import timezone

from dealer_crm.notices.models import Notice
from reception import actions as reception
from reception.choices import AddOnState, AnswerWay, OrderState
from reception.models import AddOn, OrderPhoto
from tests.factories.files import photo
from tests.factories.reception import RepairOrderFactory
from tests.factories.workshop import JobFactory
from workshop.choices import JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(client):
    def open_as(person, address, *args, data=None, **query):
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        address = reverse(address, args=args)
        return client.get(address, query) if data is None else client.post(address, data)

    return open_as


@pytest.fixture
def job(people):
    order = RepairOrderFactory(
        store=people.store, advisor=people.advisor, state=OrderState.IN_PROGRESS, began_at=timezone.now()
    )
    return JobFactory(order=order, team=people.mechanics, technician=people.technician, state=JobState.RUNNING)


def test_a_finding_goes_to_the_advisor_with_its_pictures_and_the_answer_comes_back(
    people, job, look, django_capture_on_commit_callbacks
):
    body = {"reason": "前刹车片剩 2 毫米", "urgency": "safety", "photos": [photo("一.jpg"), photo("二.jpg")]}
    with django_capture_on_commit_callbacks(execute=True):
        sent = look(people.technician, "workshop:finding_new", job.pk, data=body)
    add_on, first = AddOn.objects.get(), OrderPhoto.objects.first()
    assert sent["Location"] == reverse("workshop:job", args=[job.pk])
    assert (add_on.reason, add_on.urgency, add_on.proposed_by, add_on.photos.count()) == (
        "前刹车片剩 2 毫米", "safety", people.technician, 2,
    )  # fmt: skip
    assert [notice.recipient for notice in Notice.objects.all()] == [people.advisor]
    desk = look(people.advisor, "reception:order_findings", job.order_id).content.decode()
    assert desk.count(reverse("reception:photo_small", args=[first.pk])) == 1
    own = look(people.technician, "workshop:finding_photo", first.pk, small="1")
    assert (own.status_code, look(people.technician, "reception:photo", first.pk).status_code) == (200, 403)
    reception.decline_add_on(
        add_on=add_on, answered_by="王先生", way=AnswerWay.PHONE, note="下次再换", by=people.advisor, at=timezone.now()
    )
    page = look(people.technician, "workshop:job", job.pk)
    [shown] = page.context["card"].job.order.add_ons.all()
    assert (shown.state, "下次再换" in page.content.decode()) == (AddOnState.DECLINED, True)


def test_a_finding_without_words_or_on_a_car_that_has_gone_is_refused(people, job, look):
    empty = look(people.technician, "workshop:finding_new", job.pk, data={"reason": " ", "urgency": "soon"})
    job.order.state = OrderState.SETTLED
    job.order.save()
    late = look(people.technician, "workshop:finding_new", job.pk, data={"reason": "渗油", "urgency": "soon"})
    assert list(empty.context["form"].errors) == ["reason"]
    assert (len(late.context["form"].non_field_errors()), AddOn.objects.count()) == (1, 0)


def test_pictures_of_another_store_and_those_of_the_walk_round_are_not_there(people, others, job, look):
    now = timezone.now()
    add_on = reception.propose_add_on(order=job.order, reason="渗油", photos=[photo()], by=people.technician, at=now)
    [walk] = reception.take_photos(order=job.order, uploads=[photo("二.jpg")], by=people.advisor, at=now)
    asked = [(others.technician, add_on.photos.get()), (people.technician, walk)]
    assert [look(who, "workshop:finding_photo", one.pk).status_code for who, one in asked] == [404, 404]
