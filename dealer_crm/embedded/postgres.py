"""One PostgreSQL server on a unix socket, from the wheel's own programs.

The wheel's Python wrapper is not used: it opens private folders, trusts every local user and believes a stale pid file.
Source: spec `measured.md` (Embedded servers).
"""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg2

from dealer_crm.embedded import children
from dealer_crm.embedded.places import Home, ServersRefused, write_private

OWNER = "dealer"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "128MB",
    "work_mem": "16MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
"""For servers whose content nobody will miss: three times faster, and a power cut may lose everything."""


def url(home: Home, database: str = OWNER) -> str:
    """The address in the form every client understands (libpq, Django, pg_dump)."""
    password = quote(home.secrets()["postgres"], safe="")
    return f"postgresql://{OWNER}:{password}@/{database}?host={quote(str(home.sockets))}"


def start(home: Home, log: Path, *, throw_away: bool = False) -> subprocess.Popen:
    """Start the server, making its data folder on the first run; returns when it answers."""
    if not (home.postgres / "PG_VERSION").exists():
        _make_cluster(home, throw_away=throw_away)
    _clear_remains(home)
    options = SETTINGS | {"unix_socket_directories": str(home.sockets)} | (THROW_AWAY if throw_away else {})
    argv = [str(home.programs.postgres / "postgres"), "-D", str(home.postgres)]
    for name, value in options.items():
        argv += ["-c", f"{name}={value}"]
    for attempt in range(5):
        server = children.spawn(argv, log=log, account=home.account, cwd=home.postgres, dies_by=signal.SIGINT)
        if _answers(home, server):
            _make_database(home)
            return server
        # Children of a server that was killed may hold its shared memory a moment longer.
        time.sleep(0.5 + attempt)
        _clear_remains(home)
    raise ServersRefused(f"PostgreSQL does not start; its last words stand in {log}")


def stop(server: subprocess.Popen) -> None:
    """A fast shutdown: sessions are ended, everything committed is kept."""
    children.end(server, [(signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)])


def _make_cluster(home: Home, *, throw_away: bool) -> None:
    shutil.rmtree(home.postgres, ignore_errors=True)  # an unfinished one has no PG_VERSION
    home.build()
    password_file = home.sockets / "first-password"
    write_private(password_file, home.secrets()["postgres"] + "\n", home.account)
    unfinished = home.postgres / "data"
    try:
        made = subprocess.run(
            [
                str(home.programs.postgres / "initdb"),
                f"--pgdata={unfinished}",
                f"--username={OWNER}",
                f"--pwfile={password_file}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                *(["--no-sync"] if throw_away else []),
            ],
            capture_output=True,
            text=True,
            cwd="/",
            env=children.clean_environment(),
            **(home.account.as_options() if home.account else {}),
        )
    finally:
        password_file.unlink(missing_ok=True)
    if made.returncode:
        raise ServersRefused(f"PostgreSQL could not make its data folder: {made.stderr.strip()}")
    # PG_VERSION moves last: a folder that has it is complete.
    for entry in sorted(unfinished.iterdir(), key=lambda path: path.name == "PG_VERSION"):
        entry.rename(home.postgres / entry.name)
    unfinished.rmdir()


def _clear_remains(home: Home) -> None:
    """End a server that outlived its guardian, and forget pid files that speak of nobody or of a stranger.

    Only ever called while the guardian's lock on this home is held, so no living guardian owns what is found.
    """
    for pid_file in (home.postgres / "postmaster.pid", *home.sockets.glob(".s.PGSQL.*.lock")):
        try:
            pid = abs(int(pid_file.read_text().split("\n", 1)[0]))
        except (FileNotFoundError, ValueError):
            continue
        if str(home.postgres) in children.command_line(pid):
            children.end_by_number(pid, [(signal.SIGINT, 10), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)])
        pid_file.unlink(missing_ok=True)


def _answers(home: Home, server: subprocess.Popen, within: float = 60) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until and server.poll() is None:
        try:
            psycopg2.connect(url(home, "postgres"), connect_timeout=5).close()
            return True
        except psycopg2.OperationalError:
            time.sleep(0.05)
    if server.poll() is None:
        stop(server)
    return False


def _make_database(home: Home) -> None:
    connection = psycopg2.connect(url(home, "postgres"))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [OWNER])
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{OWNER}"')
    finally:
        connection.close()


def program(name: str) -> Path:
    """One of PostgreSQL's own tools (`pg_dump`, `pg_restore`, `psql`): the wheel's when installed, else from PATH."""
    from dealer_crm.embedded.places import Programs

    try:
        return Programs.installed().postgres / name
    except ServersRefused:
        found = shutil.which(name, path=os.environ.get("PATH"))
        if not found:
            raise
        return Path(found)
