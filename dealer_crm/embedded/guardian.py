"""The guardian: one process that owns the servers (and the programs beside them) and ends them, whatever happens.

Its caller holds the other end of its standard input. When that end closes — the caller is done, was interrupted, or was
killed without a word — the guardian stops everything in order and ends. It lives in a session of its own, so Ctrl-C in
the terminal reaches only the caller. Should the guardian itself be killed, Linux ends its children; elsewhere the next
start finds and ends them.

Lines on standard input: `{"start": NAME, "argv": [...], "env": {...}}`. Lines on standard output: `{"event": "ready",
"addresses": {...}}`, `{"event": "ended", "name": NAME, "code": N}`, `{"event": "refused", "message": "..."}`.
"""

import argparse
import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from dealer_crm.embedded import children, places, postgres, redis
from dealer_crm.embedded.places import Home, ServersRefused

PROGRAM_STEPS = [(signal.SIGTERM, 8), (signal.SIGQUIT, 3), (signal.SIGKILL, 3)]


class Guardian:
    def __init__(self, *, home: Home | None, var: Path | None, throw_away: bool, stays: bool):
        """With no `home` it only watches over programs; with no `var` the addresses are told to the caller alone."""
        self.home, self.var, self.throw_away, self.stays = home, var, throw_away, stays
        self.servers: list[tuple] = []
        self.programs: dict[str, subprocess.Popen] = {}
        self.asked_to_stop = False

    def start_servers(self) -> dict[str, str]:
        home = self.home
        if home is None:
            return {}
        home.build()
        logs = (self.var or home.folder) / "log"
        logs.mkdir(parents=True, exist_ok=True)
        for server in (postgres, redis):
            log = logs / f"{server.__name__.rpartition('.')[2]}.log"
            self.servers.append((server, server.start(home, log, throw_away=self.throw_away)))
        addresses = {"DATABASE_URL": postgres.url(home), "REDIS_URL": redis.url(home)}
        if self.var:
            places.write_addresses(
                self.var, addresses | {"guardian": str(os.getpid()), "stays": "yes" if self.stays else ""}
            )
        return addresses

    def start_program(self, name: str, argv: list[str], env: dict[str, str]) -> None:
        self.programs[name] = children.spawn(argv, cwd=Path.cwd(), env=env)

    def bury(self) -> None:
        """Tell the caller of programs and servers that have ended."""
        for name, program in list(self.programs.items()):
            if program.poll() is not None:
                children.end(program, [])
                del self.programs[name]
                say(event="ended", name=name, code=program.returncode)
        for server, child in self.servers:
            if child.poll() is not None:
                say(event="ended", name=server.__name__.rpartition(".")[2], code=child.returncode)
                self.asked_to_stop = True

    def stop(self) -> None:
        # All programs at once, then each with its patience; the servers last, because the programs need them to finish.
        for program in self.programs.values():
            with contextlib.suppress(ProcessLookupError):
                program.terminate()
        for program in self.programs.values():
            children.end(program, PROGRAM_STEPS)
        if self.var and self.servers:
            places.forget_addresses(self.var)
        for server, child in reversed(self.servers):
            server.stop(child)

    def watch(self, commands: int | None) -> None:
        """Until asked to stop: carry out what the caller writes, and tell of whoever ends."""
        wake, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker)
        waiting = b""
        while not self.asked_to_stop:
            readable, _, _ = select.select([wake] + ([commands] if commands is not None else []), [], [], 5)
            if wake in readable:
                os.read(wake, 4096)
            if commands is not None and commands in readable:
                read = os.read(commands, 65536)
                if not read:
                    return
                *lines, waiting = (waiting + read).split(b"\n")
                for line in lines:
                    order = json.loads(line)
                    self.start_program(order["start"], order["argv"], order["env"])
            self.bury()


def say(**event) -> None:
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()


def let_go_of_the_caller() -> None:
    """A guardian that stays keeps nothing of the terminal it was started from."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


def hold(folder: Path) -> bool:
    """Take the lock of a home for the rest of this process's life; False when another guardian has it."""
    lock = os.open(folder / "guardian.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", type=Path, required=True)
    parser.add_argument("--private", type=Path, help="a throw-away home in this folder, removed at the end")
    parser.add_argument("--no-servers", action="store_true")
    parser.add_argument("--detached", action="store_true", help="stop on a signal instead of when the caller is gone")
    options = parser.parse_args(argv)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    guardian = None

    def leave(*_):
        if guardian:
            guardian.asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    try:
        if options.no_servers:
            home = None
        elif options.private:
            home = places.private_home(options.private, options.var)
        else:
            home = places.clone_home(options.var)
        if home and not hold(home.folder):
            raise ServersRefused("The servers of this folder are already running.")
        guardian = Guardian(
            home=home,
            var=None if options.private else options.var,
            throw_away=bool(options.private),
            stays=options.detached,
        )
        try:
            say(event="ready", addresses=guardian.start_servers())
            if options.detached:
                let_go_of_the_caller()
            guardian.watch(None if options.detached else sys.stdin.fileno())
        finally:
            guardian.stop()
    except ServersRefused as refused:
        say(event="refused", message=str(refused))
        return 1
    finally:
        if options.private:
            shutil.rmtree(options.private, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
