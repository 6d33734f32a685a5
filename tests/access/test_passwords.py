"""A password somebody else made is replaced first; wrong ones are counted for a person, however the name is written."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.authtoken.models import Token

from dealer_crm.organization.actions import reset_password
from tests.factories import cast
from tests.factories.reception import MORNING

pytestmark = pytest.mark.django_db

OWN = "Long-enough-2026"
PAGE = "/password/"


@pytest.fixture
def people():
    cache.clear()
    return cast.of_store()


def sign_in(client, name, password):
    return client.post("/sign-in/", {"username": name, "password": password})


def change(client, old, new):
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_who_was_given_a_password_chooses_an_own_one_before_anything_else(client, people):
    given = reset_password(staff=people.cashier, by=people.admin, at=MORNING)
    sign_in(client, people.cashier.work_number, given)
    for address in ("/", reverse("ui:api_token"), reverse("ui:second_factor")):
        assert client.get(address).url == PAGE
    assert client.get("/api/v1/customers/").status_code == 403
    assert client.get("/search/?q=1", headers={"HX-Request": "true"}).headers["HX-Redirect"] == PAGE
    assert client.get(PAGE).status_code == 200
    assert not Token.objects.exists()

    assert change(client, given, given).context["form"].errors
    assert client.get("/").url == PAGE
    assert change(client, given, OWN).url == "/"
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert sign_in(client, people.cashier.work_number, OWN).url == "/"
    assert client.get("/").status_code == 200


def test_wrong_passwords_are_counted_for_the_person_however_the_name_is_written(client, people):
    people.cashier.set_password(OWN)
    people.cashier.save()
    name = people.cashier.work_number
    for written in (name, name.lower(), f" {name} ", name.title(), "".join(chr(ord(one) + 0xFEE0) for one in name)):
        sign_in(client, written, "wrong")
    assert sign_in(client, name.lower(), OWN).status_code == 429
    given = reset_password(staff=people.cashier, by=people.admin, at=MORNING)
    assert sign_in(client, name.lower(), given).status_code == 302
