"""Signing in: the journal's lines, the second factor, who must have one."""

import pytest
from django.core.cache import cache
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from dealer_crm.access.roles import SECOND_FACTOR_ROLES, Role
from dealer_crm.journal.models import Entry
from tests.factories import cast

pytestmark = pytest.mark.django_db

PASSWORD = "Long-enough-2026"


@pytest.fixture
def people():
    cache.clear()
    made = cast.of_store()
    for person in made.by_role().values():
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
    return made


def sign_in(client, person, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": person.work_number, "password": password, **more})


def code_of(device) -> str:
    return f"{totp(device.bin_key):06d}"


def device_of(person, **fields):
    return TOTPDevice.objects.create(user=person, confirmed=True, name="phone", **fields)


def lines():
    """The journal's lines about people."""
    return Entry.objects.filter(subject_type="organization.staff").order_by("id")


def verbs():
    return list(lines().values_list("verb", flat=True))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


# ── The journal ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_signing_in_and_out_is_in_the_journal(client, people):
    sign_in(client, people.advisor)
    client.post("/sign-out/")
    assert verbs() == ["staff.signed_in", "staff.signed_out"]
    assert set(lines().values_list("by_name", "store_code", "origin")) == {("李明", "BJ01", "127.0.0.1")}


def test_a_wrong_password_is_in_the_journal(client, people):
    sign_in(client, people.advisor, password="wrong")
    line = lines().get()
    assert (line.verb, line.subject_label, line.by_id) == ("staff.sign_in_failed", "李明", "")


def test_a_name_nobody_has_is_not_written_down_whole(client, people):
    client.post("/sign-in/", {"username": "MySecret99", "password": "x"})
    assert lines().get().subject_label == "My…"


def test_who_is_locked_out_fills_no_journal(client, people):
    for _try in range(12):
        sign_in(client, people.advisor, password="wrong")
    assert verbs() == ["staff.sign_in_failed"] * 5
    assert [bool(line.note) for line in lines()] == [False] * 4 + [True]
    assert sign_in(client, people.advisor).status_code == 429


def test_a_changed_password_is_in_the_journal(client, people):
    sign_in(client, people.advisor)
    new = {"old_password": PASSWORD, "new_password1": "Another-2026-one", "new_password2": "Another-2026-one"}
    client.post("/password/", new)
    assert verbs() == ["staff.signed_in", "staff.password_changed"]


# ── The code at sign-in ──────────────────────────────────────────────────────────────────────────────────────────────
def test_without_a_device_the_password_is_enough(client, people):
    assert sign_in(client, people.advisor).url == "/"
    assert is_signed_in(client)


def test_with_a_device_the_password_alone_signs_nobody_in(client, people):
    device_of(people.advisor)
    assert sign_in(client, people.advisor).url == "/sign-in/code/"
    assert not is_signed_in(client)
    assert client.get("/").status_code == 302


def test_the_code_signs_in_and_leads_where_one_wanted_to_go(client, people):
    device = device_of(people.advisor)
    sign_in(client, people.advisor, next="/reception/orders/")
    answer = client.post("/sign-in/code/", {"code": code_of(device)})
    assert (answer.url, is_signed_in(client)) == ("/reception/orders/", True)
    assert lines().get().note != ""


def test_a_wrong_code_signs_nobody_in_and_makes_the_next_try_wait(client, people):
    device = device_of(people.advisor)
    sign_in(client, people.advisor)
    client.post("/sign-in/code/", {"code": "000000"})
    client.post("/sign-in/code/", {"code": code_of(device)})
    assert not is_signed_in(client)
    assert verbs() == ["staff.sign_in_failed", "staff.sign_in_failed"]
    device.refresh_from_db()
    assert device.throttling_failure_count == 1


def test_a_code_is_taken_once(client, people):
    device = device_of(people.advisor)
    code = code_of(device)
    for expected in (True, False):
        sign_in(client, people.advisor)
        client.post("/sign-in/code/", {"code": code})
        assert is_signed_in(client) is expected
        client.logout()


def test_the_page_for_the_code_is_nothing_without_the_password(client, people):
    assert client.get("/sign-in/code/").url == "/sign-in/"


def test_the_password_is_forgotten_after_a_few_minutes(client, people):
    device = device_of(people.advisor)
    sign_in(client, people.advisor)
    session = client.session
    session["password_given"] = {**session["password_given"], "at": "2026-01-01T00:00:00+00:00"}
    session.save()
    assert client.post("/sign-in/code/", {"code": code_of(device)}).url == "/sign-in/"
    assert not is_signed_in(client)


# ── Setting it up, taking it off ─────────────────────────────────────────────────────────────────────────────────────
def test_a_device_counts_once_its_code_was_given(client, people):
    client.force_login(people.advisor)
    page = client.get("/second-factor/")
    device = TOTPDevice.objects.get(user=people.advisor)
    assert (device.confirmed, page.context["picture"][:26]) == (False, "data:image/svg+xml;base64,")
    client.post("/second-factor/", {"code": code_of(device)})
    device.refresh_from_db()
    assert device.confirmed
    assert verbs() == ["staff.second_factor_set_up"]


def test_a_wrong_code_sets_nothing_up(client, people):
    client.force_login(people.advisor)
    client.get("/second-factor/")
    answer = client.post("/second-factor/", {"code": "123"})
    assert answer.context["form"].errors.keys() == {"code"}
    assert not TOTPDevice.objects.get(user=people.advisor).confirmed


def test_one_takes_it_off_with_a_last_code(client, people):
    device = device_of(people.advisor)
    client.force_login(people.advisor)
    client.post("/second-factor/off/", {"code": code_of(device)})
    assert TOTPDevice.objects.count() == 0
    assert verbs() == ["staff.second_factor_forgotten"]


def test_the_administrator_takes_it_off_for_who_lost_the_telephone(client, people):
    device_of(people.finance)
    client.force_login(people.admin)
    client.post(f"/office/staff/{people.finance.pk}/second-factor/")
    assert TOTPDevice.objects.count() == 0


# ── Who must ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("role", Role)
def test_finance_station_manager_and_administrator_do_nothing_without_it(client, people, settings, role):
    settings.SECOND_FACTOR = True
    client.force_login(getattr(people, role.value))
    must = role in SECOND_FACTOR_ROLES
    assert client.get("/").status_code == (302 if must else 200)
    assert client.get("/api/v1/targets/").status_code in ({403} if must else {200, 403})
    assert client.get("/second-factor/").status_code == 200


def test_once_given_everything_is_open(client, people, settings):
    settings.SECOND_FACTOR = True
    device = device_of(people.director)
    sign_in(client, people.director)
    client.post("/sign-in/code/", {"code": code_of(device)})
    assert client.get("/").status_code == 200


def test_setting_it_up_opens_everything_at_once(client, people, settings):
    settings.SECOND_FACTOR = True
    sign_in(client, people.finance)
    assert client.get("/").url == "/second-factor/"
    client.get("/second-factor/")
    device = TOTPDevice.objects.get(user=people.finance)
    assert client.post("/second-factor/", {"code": code_of(device)}).url == "/"
    assert client.get("/").status_code == 200
