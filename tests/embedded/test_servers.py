"""The embedded servers start, survive crashes and never outlive their owner. Real servers, real kills."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from dealer_crm.embedded import children, servers

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.servers


@pytest.fixture
def var():
    """The `var/` of a clone that nobody else uses, with a short path; whatever was started in it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="crm-var-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    for pid in processes_of(folder):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


class Owner:
    """A guardian and the end of its pipe that keeps it alive."""

    def __init__(self, var, *options):
        argv = [sys.executable, "-m", "dealer_crm.embedded.guardian", "--var", str(var), *options]
        self.guardian = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = json.loads(self.guardian.stdout.readline())

    @property
    def addresses(self):
        return self.said["addresses"]

    def let_go(self):
        self.guardian.stdin.close()
        self.guardian.wait(30)
        self.guardian.stdout.close()


def processes_of(var):
    """Every living process whose command line or folder lies in `var`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        pid = int(entry.name)
        if pid != os.getpid() and str(var) in children.command_line(pid) and children.is_running(pid):
            found.append(pid)
    return found


def wait_until(true, within=60):
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def sql(addresses, statement):
    connection = psycopg2.connect(addresses["DATABASE_URL"])
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def broker_of(addresses):
    return redis.Redis.from_url(addresses["REDIS_URL"])


def test_servers_listen_on_private_sockets_with_passwords_and_on_no_network(var):
    owner = Owner(var)
    sockets = var / "servers" / "sockets"
    assert sql(owner.addresses, "SHOW listen_addresses") == [("",)]
    assert sql(owner.addresses, "SELECT current_setting('server_version_num')::int / 10000") == [(18,)]
    assert oct(sockets.stat().st_mode & 0o777) == "0o700"
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(host=str(sockets), user="dealer", dbname="dealer")
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis(unix_socket_path=f"{sockets}/redis.sock").ping()
    assert broker_of(owner.addresses).config_get("port") == {"port": "0"}
    owner.let_go()


def test_what_was_written_is_there_after_a_stop_and_a_start(var):
    owner = Owner(var)
    sql(owner.addresses, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    broker_of(owner.addresses).set("kept", "7")
    owner.let_go()
    assert processes_of(var) == []
    owner = Owner(var)
    assert sql(owner.addresses, "SELECT n FROM kept") == [(7,)]
    assert broker_of(owner.addresses).get("kept") == b"7"
    owner.let_go()


def test_a_second_guardian_of_the_same_folder_is_refused_and_two_folders_run_at_once(var):
    owner = Owner(var)
    refused = Owner(var)
    assert refused.said["event"] == "refused"
    assert "already running" in refused.said["message"]
    refused.let_go()
    beside = Owner(var / "beside")
    assert sql(beside.addresses, "SELECT 1") == sql(owner.addresses, "SELECT 1") == [(1,)]
    beside.let_go()
    owner.let_go()


def test_what_a_program_says_is_not_taken_for_a_word_of_its_guardian(capfd):
    supervision = servers.Supervision("--no-servers")
    try:
        supervision.start("loud", [sys.executable, "-c", "print('{not an event'); print('ready')"], dict(os.environ))
        event = None
        while event is None:
            event = supervision.next_event(10)
    finally:
        supervision.stop()
    assert event == {"event": "ended", "name": "loud", "code": 0}
    assert capfd.readouterr().err.splitlines()[-2:] == ["{not an event", "ready"]


def test_a_caller_killed_without_a_word_leaves_no_process(var):
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(var)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )  # fmt: skip
    assert caller.stdout.readline() == "ready\n"
    # the program, the guardian, Redis, PostgreSQL and at least one of its workers, which it starts in its own time
    assert wait_until(lambda: len(processes_of(var)) > 4), list(map(children.command_line, processes_of(var)))
    assert any("sleep" in children.command_line(pid) for pid in processes_of(var))
    caller.kill()
    caller.wait()
    caller.stdout.close()
    assert wait_until(lambda: processes_of(var) == []), list(map(children.command_line, processes_of(var)))
    assert not (var / "servers.json").exists()


CALLER = """
import os, subprocess, sys, time
os.environ["VAR_DIR"] = sys.argv[1]
from dealer_crm.embedded import servers
supervision = servers.Supervision()
supervision.start("a program", ["/bin/sh", "-c", f"sleep 600; : {sys.argv[1]}"], dict(os.environ))
print("ready", flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems clean up at the next start (see the test below)")
def test_a_guardian_killed_without_a_word_takes_its_servers_along(var):
    owner = Owner(var)
    owner.guardian.kill()
    assert wait_until(lambda: processes_of(var) == []), list(map(children.command_line, processes_of(var)))
    owner.let_go()


def test_after_a_crash_the_next_start_is_clean_and_has_every_commit(var):
    owner = Owner(var)
    sql(owner.addresses, "CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    broker_of(owner.addresses).set("kept", "7")
    time.sleep(1.2)  # Redis writes to its file once a second
    for pid in [owner.guardian.pid, *processes_of(var)]:
        os.kill(pid, signal.SIGKILL)
    owner.let_go()
    assert (var / "servers" / "postgres" / "postmaster.pid").exists()
    owner = Owner(var)
    assert sql(owner.addresses, "SELECT n FROM kept") == [(7,)]
    assert broker_of(owner.addresses).get("kept") == b"7"
    owner.let_go()


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start_nor_the_stranger(var):
    Owner(var).let_go()
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        pid_file = var / "servers" / "postgres" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n0\n5432\n{var}/servers/sockets\n\n")
        (var / "servers" / "redis.number").write_text(str(stranger.pid))
        owner = Owner(var)
        assert sql(owner.addresses, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
        owner.let_go()
    finally:
        stranger.kill()
        stranger.wait()


def test_servers_that_outlived_their_guardian_are_ended_by_the_next_start(var):
    owner = Owner(var)
    survivors = processes_of(var)
    os.kill(owner.guardian.pid, signal.SIGSTOP)  # as dead as can be, and Linux does not notice
    (var / "servers" / "guardian.lock").unlink()
    successor = Owner(var)
    assert sql(successor.addresses, "SELECT 1") == [(1,)]
    assert [pid for pid in survivors if children.is_running(pid) and pid != owner.guardian.pid] == []
    os.kill(owner.guardian.pid, signal.SIGKILL)
    os.kill(owner.guardian.pid, signal.SIGCONT)
    owner.let_go()
    successor.let_go()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another account")
def test_a_private_folder_of_root_is_not_opened_for_the_servers():
    """The folder stays 0700, and the servers live in a system place that names the clone by its fingerprint."""
    private = Path(tempfile.mkdtemp(prefix="crm-private-"))
    var = private / "var"
    owner = Owner(var)
    try:
        assert oct(private.stat().st_mode & 0o777) == "0o700"
        assert sql(owner.addresses, "SELECT 1") == [(1,)]
        home = Path(sql(owner.addresses, "SHOW data_directory")[0][0]).parent
        assert private not in home.parents
        assert oct((home / "postgres").stat().st_mode & 0o777) == "0o700"
    finally:
        owner.let_go()
    shutil.rmtree(home)
    shutil.rmtree(private)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to become somebody else")
def test_an_ordinary_user_runs_the_servers_as_themselves():
    folder = Path(tempfile.mkdtemp(prefix="crm-user-", dir="/tmp"))
    shutil.chown(folder, "daemon", "daemon")
    python = Path(sys.executable)
    look = ["/bin/sh", "-c", 'cd "$1" && "$2" -c ""', "sh", ROOT, python]
    check = subprocess.run(look, user="daemon", group="daemon", extra_groups=[], capture_output=True)
    if check.returncode:
        shutil.rmtree(folder)
        pytest.skip("this clone or its Python cannot be read by another account")
    argv = [python, "-m", "dealer_crm.embedded.guardian", "--var", folder / "var"]
    guardian = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, user="daemon",
                                group="daemon", extra_groups=[])  # fmt: skip
    said = json.loads(guardian.stdout.readline())
    assert said["event"] == "ready", said
    assert (folder / "var" / "servers" / "postgres").owner() == "daemon"
    guardian.stdin.close()
    assert guardian.wait(30) == 0
    guardian.stdout.close()
    shutil.rmtree(folder)
