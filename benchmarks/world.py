"""Where the measuring happens: servers of its own with one store in two databases, a short and a long history.

Both have the same number of orders each month and the same scene today, so that nothing but the length of the history
differs; all orders belong to the one store, which is the harder case for whatever asks store by store. With
`DATABASE_URL` and `REDIS_URL` set those servers are used, and the databases stay for the next run.
"""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from benchmarks.history import lengthen
from dealer_crm.embedded import servers

ROOT = Path(__file__).resolve().parents[1]
SMALL, MONTHS, TWO_YEARS, STORES = 10_000, 4, 75_000, 100


class World:
    """`small`, `middle` (over two years), `large` and `stores` are names of databases, each made when first asked for:
    the small one and the one of many stores by `seed`, the longer ones out of it. `use` points Django at one."""

    def __init__(self, addresses: dict[str, str], orders: int):
        self.addresses, self.orders = addresses, orders

    @cached_property
    def small(self) -> str:
        name = f"dealer_bench_{SMALL}"
        if not self._is_there(name):
            with self._making(name, "template1") as unfinished:
                self._manage(unfinished, "migrate", "--verbosity", "0")
                self._manage(
                    unfinished, "seed", "--demo", "--verbosity", "0", "--orders", str(SMALL), "--months", str(MONTHS)
                )
        return name

    @cached_property
    def middle(self) -> str:
        return self._longer(TWO_YEARS)

    @cached_property
    def large(self) -> str:
        return self._longer(self.orders)

    @cached_property
    def stores(self) -> str:
        """A hundred stores with three months each."""
        name = f"dealer_bench_{STORES}_stores"
        if not self._is_there(name):
            with self._making(name, "template1") as unfinished:
                self._manage(unfinished, "migrate", "--verbosity", "0")
                self._manage(
                    unfinished, "seed", "--verbosity", "0", "--stores", str(STORES), "--orders", "150", "--months", "3"
                )
        return name

    def _longer(self, orders: int) -> str:
        name = f"dealer_bench_{orders}"
        if not self._is_there(name):
            with self._making(name, self.small) as unfinished:
                self._lengthen(unfinished, orders)
        return name

    def orders_in(self, name: str) -> int:
        return int(name.rpartition("_")[2])

    @contextlib.contextmanager
    def _making(self, name: str, template: str) -> Iterator[str]:
        """A database that gets its name when it is finished, so that an unfinished one is never measured."""
        print(f"· {name} …", flush=True)
        began, unfinished = time.monotonic(), f"{name}_unfinished"
        self._sql(f"DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")
        self._sql(f"CREATE DATABASE {unfinished} TEMPLATE {template} STRATEGY FILE_COPY")
        yield unfinished
        self._sql("VACUUM ANALYZE", unfinished)
        self._sql(f"ALTER DATABASE {unfinished} RENAME TO {name}")
        print(f"  {time.monotonic() - began:.0f} s", flush=True)

    def _lengthen(self, name: str, orders: int) -> None:
        with (
            contextlib.closing(psycopg2.connect(self.url(name))) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            lengthen(cursor, orders)

    def use(self, name: str) -> None:
        """From here on Django works on this database."""
        from django.core.cache import cache
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = name
        cache.clear()

    @contextlib.contextmanager
    def copy_of(self, name: str) -> Iterator[str]:
        """A database one may spoil, gone with the block."""
        from django.db import connection

        copy = f"{name}_copy"
        connection.close()
        self._sql(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)")
        self._sql(f"CREATE DATABASE {copy} TEMPLATE {name} STRATEGY FILE_COPY")
        try:
            yield copy
        finally:
            connection.close()
            self._sql(f"DROP DATABASE {copy} WITH (FORCE)")

    def url(self, name: str) -> str:
        return urlsplit(self.addresses["DATABASE_URL"])._replace(path=f"/{name}").geturl()

    def run(self, name: str, *argv: str) -> str:
        """What another Python process prints that works on this database."""
        env = os.environ | {"DATABASE_URL": self.url(name)}
        done = subprocess.run([sys.executable, *argv], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"{' '.join(argv)} failed")
        return done.stdout

    def _manage(self, name: str, *argv: str) -> None:
        self.run(name, "manage.py", *argv)

    def _is_there(self, name: str) -> bool:
        return bool(self._sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def _sql(self, statement: str, name: str = "postgres") -> list:
        connection = psycopg2.connect(self.url(name))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


@contextlib.contextmanager
def world_of(orders: int) -> Iterator[World]:
    """The world, with Django set up in it."""
    given = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}
    with contextlib.nullcontext(given) if len(given) == 2 else servers.private() as addresses:
        # A machine of our own, but with the settings of production that cost or save time: no DEBUG, cached templates.
        os.environ.update(addresses, DEMO="1", DEBUG="0", DJANGO_SETTINGS_MODULE="dealer_crm.settings")
        world = World(addresses, orders)
        import django

        django.setup()
        yield world
