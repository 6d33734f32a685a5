"""Starting and ending programs so that none is left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from dealer_crm.embedded.places import Account

Steps = Sequence[tuple[int, float]]
"""Signals in the order of growing force, each with the seconds it is given."""

_SET_PARENT_DEATH_SIGNAL = 1


def clean_environment() -> dict[str, str]:
    """What a server sees of our environment: nothing but a path and a language."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def spawn(
    argv: Sequence[str],
    *,
    cwd: Path,
    log: Path | None = None,
    account: Account | None = None,
    env: dict[str, str] | None = None,
    dies_by: int = signal.SIGTERM,
) -> subprocess.Popen:
    """Start a program in a process group of its own, which Linux ends with `dies_by` when we die without a word.

    Without a `log` what it says goes where our errors go: our own output may be a pipe on which others listen to us.
    """
    output = open(log, "ab") if log else None  # noqa: SIM115 (closed below, once the child has it)
    try:
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=clean_environment() if env is None else env,
            stdin=subprocess.DEVNULL,
            stdout=output or sys.stderr,
            stderr=output,
            start_new_session=True,
            preexec_fn=lambda: _die_with_parent(dies_by),
            **(account.as_options() if account else {}),
        )
    finally:
        if output:
            output.close()


def end(child: subprocess.Popen, steps: Steps) -> None:
    """End a child and whatever it started: ask, then insist, then kill the whole group."""
    for number, seconds in steps:
        if child.poll() is not None:
            break
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(seconds)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def end_by_number(pid: int, steps: Steps) -> None:
    """End a process that is not our child."""
    for number, seconds in steps:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not is_running(pid):
                return
            time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Whether a process of that number lives (one that has ended and waits to be buried does not)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    stat_file = Path(f"/proc/{pid}/stat")
    with contextlib.suppress(OSError):
        return stat_file.read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    return True


def command_line(pid: int) -> str:
    """How the process was called; empty when there is none."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    if Path("/proc/self").exists():
        return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return shown.stdout.strip()


def _die_with_parent(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, number, 0, 0, 0)
