"""What the rest of the program asks of the embedded servers."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dealer_crm.embedded import children, places
from dealer_crm.embedded.places import ServersRefused

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("VAR_DIR") or ROOT / "var")


class Supervision:
    """A guardian and our end of its pipe. While this object lives, so do the servers; dropping it stops everything."""

    def __init__(self, *options: str):
        self.guardian = subprocess.Popen(
            [sys.executable, "-m", "dealer_crm.embedded.guardian", "--var", str(VAR), *options],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._ear = self.guardian.stdout.fileno()
        self._heard = b""
        event = None
        try:
            while event is None:
                event = self.next_event(60)
        except EOFError:
            event = {"event": "refused", "message": "The servers did not start."}
        if event["event"] != "ready":
            self.guardian.wait()
            raise ServersRefused(event["message"])
        self.addresses: dict[str, str] = event["addresses"]

    def start(self, name: str, argv: list[str], env: dict[str, str]) -> None:
        """Run a program under the guardian's eyes."""
        order = json.dumps({"start": name, "argv": argv, "env": env}) + "\n"
        self.guardian.stdin.write(order.encode())
        self.guardian.stdin.flush()

    def next_event(self, seconds: float) -> dict | None:
        """What the guardian tells within so many seconds; None when it has nothing to say.

        Raises EOFError when the guardian itself has gone.
        """
        if b"\n" not in self._heard:
            if not select.select([self._ear], [], [], seconds)[0]:
                return None
            heard = os.read(self._ear, 65536)
            if not heard:
                raise EOFError
            self._heard += heard
            if b"\n" not in self._heard:
                return None
        line, _, self._heard = self._heard.partition(b"\n")
        return json.loads(line)

    def stop(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.guardian.stdin.close()
        self.guardian.wait()


@contextlib.contextmanager
def private() -> Iterator[dict[str, str]]:
    """Throw-away servers (quick, unsafe against power cuts), gone with the block: `DATABASE_URL` and `REDIS_URL`."""
    supervision = private_supervision()
    try:
        yield supervision.addresses
    finally:
        supervision.stop()


def private_supervision() -> Supervision:
    folder = tempfile.mkdtemp(prefix="dealer-crm-", dir="/tmp")
    return Supervision("--private", folder)


def up() -> dict[str, str]:
    """Start this clone's servers so that they stay; the addresses, whether they were up already or not."""
    if addresses := running():
        return addresses
    return Supervision("--detached").addresses


def down() -> bool:
    """Stop this clone's servers; False when none were running."""
    addresses = running()
    if not addresses:
        return False
    pid = int(addresses["guardian"])
    children.end_by_number(pid, [(signal.SIGTERM, 60), (signal.SIGKILL, 5)])
    places.forget_addresses(VAR)
    return True


def running() -> dict[str, str]:
    """The addresses of this clone's servers if a living guardian answers for them, else nothing."""
    addresses = places.read_addresses(VAR)
    pid = int(addresses.get("guardian", 0))
    return addresses if pid and "dealer_crm.embedded.guardian" in children.command_line(pid) else {}
