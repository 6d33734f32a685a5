"""One Redis server on a unix socket, with a password and an append-only file.

Without the append-only file a kill loses everything that was queued. Source: spec `measured.md` (Embedded servers).
"""

import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import redis

from dealer_crm.embedded import children
from dealer_crm.embedded.places import Home, ServersRefused, write_private


def socket(home: Home) -> Path:
    return home.sockets / "redis.sock"


def url(home: Home) -> str:
    """The address as redis-py reads it; settings turn it into the form that Celery reads."""
    return f"unix://:{quote(home.secrets()['redis'], safe='')}@{quote(str(socket(home)))}"


def start(home: Home, log: Path, *, throw_away: bool = False) -> subprocess.Popen:
    """Start the server; returns when it answers."""
    _clear_remains(home)
    config = {
        "port": "0",
        "unixsocket": f'"{socket(home)}"',
        "unixsocketperm": "700",
        "requirepass": home.secrets()["redis"],
        "dir": f'"{home.redis}"',
        "appendonly": "no" if throw_away else "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "pidfile": f'"{home.redis / "redis.pid"}"',
        "loglevel": "warning",
        "proc-title-template": '"{title} {unixsocket}"',
    }
    # In a file and not on the command line, where every user of the machine would read the password.
    config_file = home.redis / "redis.conf"
    write_private(config_file, "".join(f"{name} {value}\n" for name, value in config.items()), home.account)
    server = children.spawn(
        [str(home.programs.redis_server), str(config_file)],
        log=log,
        account=home.account,
        cwd=home.redis,
        dies_by=signal.SIGTERM,
    )
    client = redis.Redis.from_url(url(home), socket_timeout=5)
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            client.ping()
            _number(home).write_text(str(server.pid))
            return server
        except redis.exceptions.RedisError:
            time.sleep(0.05)
        finally:
            client.close()
    stop(server)
    raise ServersRefused(f"Redis does not start; its last words stand in {log}")


def stop(server: subprocess.Popen) -> None:
    """Redis writes what it holds before it goes."""
    children.end(server, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])


def _number(home: Home) -> Path:
    return home.folder / "redis.number"


def _clear_remains(home: Home) -> None:
    number = _number(home)
    try:
        pid = int(number.read_text())
    except (FileNotFoundError, ValueError):
        return
    if str(socket(home)) in children.command_line(pid):
        children.end_by_number(pid, [(signal.SIGTERM, 10), (signal.SIGKILL, 5)])
    number.unlink(missing_ok=True)
