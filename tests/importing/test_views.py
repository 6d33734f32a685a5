"""Bring, look, confirm: in the browser, without a worker running."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.urls import reverse

from dealer_crm.importing import actions
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.models import ImportRun
from dealer_crm.importing.sheets import REGISTERED
from dealer_crm.journal.models import Entry
from dealer_crm.organization.models import Team
from tests.factories import cast
from tests.factories.reception import MORNING
from tests.importing.workbooks import MONTHS, cell, month_tables, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast.of_store("GD81", "金标测试店")


def sign_in(client, person):
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")


def teams(*names: str, store: str = "GD81") -> bytes:
    return written({"班组": [["门店代码", "班组名称", "班组类型"], *([store, name, "机电"] for name in names)]})


def bring(client, content: bytes, name: str = "班组.xlsx"):
    return client.post(reverse("importing:bring"), {"file": SimpleUploadedFile(name, content)})


def test_a_workbook_is_shown_as_a_difference_and_written_when_confirmed(client, people):
    sign_in(client, people.manager)
    before = Entry.objects.count()
    answer = bring(client, teams("机电一组", "机电九组"))
    run = ImportRun.objects.get()
    assert answer.url == reverse("importing:run", args=[run.pk])
    assert run.state == RunState.PREVIEWED
    assert run.counts == {"班组": {"new": 1, "changed": 0, "unchanged": 1, "refused": 0}}
    assert [(row["key"], row["kind"]) for row in run.changes["班组"]] == [
        ("GD81 / 机电九组", "new"), ("GD81 / 机电一组", "unchanged"),
    ]  # fmt: skip
    assert not Team.objects.filter(name="机电九组").exists()

    client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    run.refresh_from_db()
    assert (run.state, run.confirmed_by) == (RunState.DONE, people.manager)
    assert Team.objects.filter(name="机电九组").count() == 1
    told = ["import.brought", "import.confirmed", "team.imported", "import.written"]
    assert list(Entry.objects.order_by("pk").values_list("verb", flat=True)[before:]) == told


def test_a_whole_month_is_brought_by_the_manager_of_its_store(client, people):
    sign_in(client, people.manager)
    bring(client, written(month_tables()))
    run = ImportRun.objects.get()
    assert (run.problems, run.state) == ([], RunState.PREVIEWED)
    client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    run.refresh_from_db()
    assert (run.problems, run.state) == ([], RunState.DONE)
    bring(client, (MONTHS / "2026-09" / "month-messy.xlsx").read_bytes())
    again = ImportRun.objects.latest("pk")
    assert [sum(counts[kind] for counts in again.counts.values()) for kind in ("new", "changed")] == [0, 0]


@pytest.mark.parametrize("state", ["previewed", "refused", "done"])
def test_every_state_of_a_run_has_its_page(client, people, state):
    sign_in(client, people.manager)
    bring(client, teams("机电九组") if state != "refused" else teams("机电九组", "机电九组"))
    run = ImportRun.objects.get()
    if state == "done":
        client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    run.refresh_from_db()
    assert run.state == state
    page = client.get(reverse("importing:run", args=[run.pk]))
    part = client.get(reverse("importing:run", args=[run.pk]), headers={"HX-Request": "true"})
    assert (page.status_code, part.status_code) == (200, 200)
    assert b"<html" in page.content
    assert b"<html" not in part.content


def test_problems_are_listed_and_come_as_a_file(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组", "机电九组"))
    run = ImportRun.objects.get()
    assert run.state == RunState.REFUSED
    assert [(each["sheet"], each["row"], each["column"]) for each in run.problems] == [("班组", 3, "班组名称")]
    lines = b"".join(client.get(reverse("importing:problems", args=[run.pk])).streaming_content).decode().splitlines()
    assert lines[0] == "\ufeff工作表,行,列,内容,原因"
    assert lines[1].startswith("班组,3,班组名称,机电九组,")


def test_what_is_no_workbook_is_refused_at_the_door(client, people):
    sign_in(client, people.manager)
    answer = bring(client, b"nothing of the kind")
    assert answer.status_code == 422
    assert ImportRun.objects.count() == 0


def test_pressing_twice_writes_once(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    for _press in range(2):
        client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    assert Entry.objects.filter(verb="import.written").count() == 1


def test_when_the_rows_moved_since_the_preview_nothing_is_written_and_the_new_difference_is_shown(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    Team.objects.create(store=people.store, name="机电九组", kind="front")
    client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    shown = run.fingerprint
    run.refresh_from_db()
    assert (run.state, run.counts["班组"]["changed"], run.confirmed_at) == (RunState.PREVIEWED, 1, None)
    assert run.fingerprint != shown
    assert Team.objects.get(name="机电九组").kind == "front"


def test_confirming_another_difference_than_the_one_shown_is_refused(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    url = reverse("importing:confirm", args=[run.pk])
    assert client.post(url, {"fingerprint": "of yesterday"}, headers={"HX-Request": "true"}).status_code == 412
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def test_a_dropped_import_can_not_be_confirmed(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    client.post(reverse("importing:drop", args=[run.pk]))
    url = reverse("importing:confirm", args=[run.pk])
    assert client.post(url, {"fingerprint": run.fingerprint}, headers={"HX-Request": "true"}).status_code == 422
    assert Team.objects.filter(name="机电九组").count() == 0


def test_people_bring_rows_of_their_own_store_only(client, people):
    others = cast.of_second_store()
    sign_in(client, people.manager)
    bring(client, teams("机电九组", store=others.store.code))
    assert [each["column"] for each in ImportRun.objects.get().problems] == ["门店代码"]


def test_another_stores_import_does_not_exist(client, people):
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    sign_in(client, cast.of_second_store().manager)
    for name in ("run", "problems"):
        assert client.get(reverse(f"importing:{name}", args=[run.pk])).status_code == 404
    for name in ("confirm", "drop"):
        assert client.post(reverse(f"importing:{name}", args=[run.pk])).status_code == 404


def test_the_blank_workbook_is_taken_in_again_without_a_problem(client, people):
    sign_in(client, people.manager)
    content = b"".join(client.get(reverse("importing:blank")).streaming_content)
    bring(client, content, "import.xlsx")
    run = ImportRun.objects.get()
    assert (run.state, set(run.counts)) == (RunState.PREVIEWED, set(REGISTERED))


def test_a_large_workbook_waits_for_a_worker_and_the_page_does_it_when_none_comes(client, people, monkeypatch):
    monkeypatch.setattr("dealer_crm.importing.views.SMALL", 0)
    sign_in(client, people.manager)
    bring(client, teams("机电九组"))
    run = ImportRun.objects.get()
    assert run.state == RunState.WAITING
    client.get(reverse("importing:run", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == RunState.WAITING
    ImportRun.objects.update(brought_at=run.brought_at - timedelta(minutes=1))
    client.get(reverse("importing:run", args=[run.pk]))
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def brought(people, content: bytes) -> ImportRun:
    return actions.bring_workbook(
        content=content, file_name="班组.xlsx", store=people.store, language="zh-hans", by=people.manager, at=MORNING
    )


def test_a_step_is_done_by_one_alone_and_taken_up_again_when_its_worker_is_gone(people):
    run = brought(people, teams("机电九组"))
    assert actions.claim_step(run_id=run.pk, at=MORNING) == RunState.CHECKING
    assert actions.claim_step(run_id=run.pk, at=MORNING + timedelta(minutes=1)) is None
    actions.go_on(run_id=run.pk, at=MORNING + timedelta(hours=1))
    run.refresh_from_db()
    assert run.state == RunState.PREVIEWED


def test_a_mistake_of_the_program_leaves_nothing_written_and_nobody_waiting(people, monkeypatch):
    run = brought(people, teams("机电九组"))
    actions.go_on(run_id=run.pk, at=MORNING)
    run.refresh_from_db()
    actions.confirm_run(run=run, fingerprint=run.fingerprint, by=people.manager, at=MORNING)

    def broken(new, changed, book):
        Team.objects.create(store=people.store, name="半途", kind="front")
        raise ZeroDivisionError

    monkeypatch.setattr(REGISTERED["班组"], "write", broken)
    actions.go_on(run_id=run.pk, at=MORNING)
    run.refresh_from_db()
    assert (run.state, Team.objects.filter(name="半途").count()) == (RunState.REFUSED, 0)


def test_an_imports_lies_about_its_state_are_refused_by_the_database(people):
    run = brought(people, teams("机电九组"))
    with pytest.raises(DatabaseError):
        ImportRun.objects.filter(pk=run.pk).update(state=RunState.DONE)


def test_customers_of_another_store_are_known_but_not_changed(client, people):
    from tests.factories.reception import CustomerFactory

    others = cast.of_second_store()
    CustomerFactory(code="C001", name="客户1", store=others.store, phone="+8613800000001")
    sign_in(client, people.manager)
    tables = {"客户": [["客户编号", "客户名称", "客户类型", "手机"], ["C001", "客户1", "个人", "13800000001"]]}
    bring(client, written(tables))
    bring(client, written(cell(tables, "客户", 2, "客户名称", "改名")))
    unchanged, changed = ImportRun.objects.order_by("pk")
    assert (unchanged.problems, unchanged.state) == ([], RunState.PREVIEWED)
    assert [each["column"] for each in changed.problems] == ["客户编号"]


def test_numbers_are_read_in_full_by_who_brought_them_alone_and_the_journal_keeps_them_masked(client, people):
    from tests.factories.reception import CustomerFactory

    CustomerFactory(code="C001", name="客户1", store=people.store, phone="+8613800000001")
    sign_in(client, people.manager)
    header = ["客户编号", "客户名称", "客户类型", "手机"]
    bring(client, written({"客户": [header, ["C001", "客户1", "个人", "13911112222"]]}))
    bring(client, written({"客户": [header, ["C001", "客户1", "个人", "13911112222x"]]}))
    run, refused = ImportRun.objects.order_by("pk")
    pages = [reverse("importing:run", args=[each.pk]) for each in (run, refused)]

    def numbers() -> list[bool]:
        told = "".join(client.get(page).content.decode() for page in pages)
        return [number in told for number in ("13911112222", "13800000001", "139****2222", "138****0001")]

    assert numbers() == [True, False, False, True]
    client.post(reverse("importing:confirm", args=[run.pk]), {"fingerprint": run.fingerprint})
    assert Entry.objects.get(verb="customer.changed_by_import").changes == {"phone": ["138****0001", "139****2222"]}
    sign_in(client, people.admin)
    assert numbers() == [False, False, True, True]
