import pytest
from django.db import connection

from dealer_crm.organization.models import Store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.servers]


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "first.txt").write_text("敬启者", encoding="utf-8")
    return folder


def test_a_backup_put_back_is_what_was_there(run_manage, uploads, tmp_path):
    Store.objects.create(code="S1", name="第一店")
    backup = tmp_path / "backup"
    made = run_manage("backup", str(backup), MEDIA_ROOT=str(uploads))
    assert made.returncode == 0, made.stderr
    assert sorted(path.name for path in backup.iterdir()) == ["database.dump", "manifest.json", "uploads.tar"]

    Store.objects.update(name="改过")
    Store.objects.create(code="S2", name="第二店")
    (uploads / "letters" / "second.txt").write_text("later", encoding="utf-8")
    connection.close()
    refused = run_manage("restore", str(backup), MEDIA_ROOT=str(uploads))
    assert refused.returncode == 1
    assert "不为空" in refused.stderr

    restored = run_manage("restore", str(backup), "--replace", MEDIA_ROOT=str(uploads))
    assert restored.returncode == 0, restored.stderr
    assert list(Store.objects.values_list("code", "name")) == [("S1", "第一店")]
    assert [path.name for path in (uploads / "letters").iterdir()] == ["first.txt"]
    assert (uploads / "letters" / "first.txt").read_text(encoding="utf-8") == "敬启者"


def test_a_damaged_backup_is_refused_and_nothing_is_touched(run_manage, uploads, tmp_path):
    Store.objects.create(code="S1", name="第一店")
    backup = tmp_path / "backup"
    assert run_manage("backup", str(backup), MEDIA_ROOT=str(uploads)).returncode == 0
    dump = backup / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    connection.close()
    refused = run_manage("restore", str(backup), "--replace", MEDIA_ROOT=str(uploads))
    assert refused.returncode == 1
    assert "已损坏或不完整" in refused.stderr
    assert list(Store.objects.values_list("code", "name")) == [("S1", "第一店")]


def test_a_backup_never_overwrites_another(run_manage, uploads, tmp_path):
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "something").touch()
    refused = run_manage("backup", str(tmp_path / "backup"), MEDIA_ROOT=str(uploads))
    assert refused.returncode == 1
    assert "不会覆盖已有的备份" in refused.stderr
