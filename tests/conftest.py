"""Servers, a browser and other people for the tests.

PostgreSQL and Redis are started for this run alone, on sockets in a throw-away folder, when the first test needs them,
and are gone with it; parallel workers share them, each with a database of its own. With `DATABASE_URL` and `REDIS_URL`
set those servers are used. `--reuse-db` uses the servers of the clone and keeps the test database between runs.
"""

import gc
import itertools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
from _pytest import runner
from django.conf import settings

from dealer_crm import catalogues
from dealer_crm.embedded import servers as embedded
from dealer_crm.settings import broker_address, env

ADDRESSES = ("DATABASE_URL", "REDIS_URL")
PATTERN = "pattern"
"""The database the parallel workers' own are copied from."""
_supervision = _pattern_in_making = None

# How long an example takes says how busy the machine is, not whether the program is right.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # fmt: skip
hypothesis.settings.load_profile("house")


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return
    catalogues.compile_all()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if config.getoption("numprocesses", None) and not config.option.collectonly:
        # The workers inherit our environment; started here, the servers outlive each of them.
        for name, address in _start_servers(config).items():
            os.environ[f"TESTS_{name}"] = address
        if _supervision:
            _make_pattern(_supervision.addresses["DATABASE_URL"])


def _make_pattern(server: str) -> None:
    """All tables are made once, while the workers still look for tests; each worker's database is a copy."""
    global _pattern_in_making
    import psycopg2

    connection = psycopg2.connect(server)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE DATABASE {PATTERN}")
    connection.close()
    address = urlsplit(server)._replace(path=f"/{PATTERN}").geturl()
    _pattern_in_making = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    os.environ["TESTS_PATTERN"] = PATTERN


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node, ids):
    if _pattern_in_making and _pattern_in_making.wait():
        pytest.exit("The tables could not be made; what `migrate` said stands above.", returncode=3)


def pytest_xdist_auto_num_workers(config) -> int:
    """One more than there are cores: who waits for a browser or another process leaves a core to the others."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The long ones first, so that none is left over for one worker alone at the end."""

    def is_long(item) -> bool:
        return "browser" in item.fixturenames or "faults" in item.path.parts or item.get_closest_marker("servers")

    items.sort(key=lambda item: not is_long(item))


def pytest_collection_finish(session):
    # Thousands of tests and the whole program stay until the end: looking through them again and again for garbage
    # costs more than the tests leave behind.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _with_room(deed):
    """Do it in a frame so large that Python takes a megabyte for its calls at once.

    It keeps the frames of running calls in pieces of 16 kB, and gives a piece back to the system as soon as the calls
    return below its edge. A page's templates call each other over such an edge hundreds of times: a third of its time.
    """
    return deed()


_with_room.__code__ = _with_room.__code__.replace(co_stacksize=70_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    return _with_room(lambda: runner.pytest_runtest_protocol(item, nextitem))


def pytest_unconfigure(config):
    if _supervision:
        _supervision.stop()


def _start_servers(config) -> dict[str, str]:
    global _supervision
    given = {name: os.environ[name] for name in ADDRESSES if os.environ.get(name)}
    if len(given) == len(ADDRESSES):
        return given
    if config.getoption("reuse_db", False):
        return {name: embedded.up()[name] for name in ADDRESSES} | given
    if _supervision is None:
        _supervision = embedded.private_supervision()
    return {name: _supervision.addresses[name] for name in ADDRESSES} | given


@pytest.fixture(scope="session")
def servers(pytestconfig) -> dict[str, str]:
    """`DATABASE_URL` and `REDIS_URL` of the servers of this run; each parallel worker has a Redis database of its own,
    as it has one in PostgreSQL: what one sends, or sweeps away, is not the others'."""
    inherited = {name: os.environ[f"TESTS_{name}"] for name in ADDRESSES if f"TESTS_{name}" in os.environ}
    found = inherited or _start_servers(pytestconfig)
    return found | {"REDIS_URL": _numbered(found["REDIS_URL"], os.environ.get("PYTEST_XDIST_WORKER", ""))}


def _numbered(redis_url: str, worker: str) -> str:
    """The address with the Redis database (of its sixteen) that belongs to the parallel worker "gw3"."""
    if not worker:
        return redis_url
    number, address = 1 + int(worker.removeprefix("gw")) % 15, urlsplit(redis_url)
    if address.scheme == "unix":
        return address._replace(query=f"db={number}").geturl()
    return address._replace(path=f"/{number}").geturl()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers, django_db_modify_db_settings_parallel_suffix):
    from django.db import connections

    address = env.db_url_config(servers["DATABASE_URL"])
    for config in (settings.DATABASES["default"], connections["default"].settings_dict):
        config |= {name: address[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        config["OPTIONS"] = address.get("OPTIONS", {})
        if pattern := os.environ.get("TESTS_PATTERN"):
            config["TEST"] |= {"TEMPLATE": pattern, "MIGRATE": False}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Once the tables stand, Django's own permissions and content types are not written anew."""
    from django.contrib.auth.management import create_permissions
    from django.contrib.contenttypes.management import create_contenttypes
    from django.db.models.signals import post_migrate

    from tests.emptying import empty_tables_by_deleting

    post_migrate.disconnect(create_permissions, dispatch_uid="django.contrib.auth.management.create_permissions")
    post_migrate.disconnect(create_contenttypes)
    with django_db_blocker.unblock():
        empty_tables_by_deleting()


@pytest.fixture(scope="module")
def example_month(django_db_setup, django_db_blocker):
    """The example month in the database, once for all tests of a module: what each of them changes is taken back, and
    the month itself behind the last."""
    from django.db import connection, transaction

    from tests.importing.workbooks import month_tables, take_in, written

    with django_db_blocker.unblock(), transaction.atomic():
        assert take_in(written(month_tables())).problems == []
        # The tables were empty when the server last counted them; planned for that, each month takes seconds.
        for table in ("repairorder", "orderline", "receipt", "settlement", "settlementamount"):
            connection.cursor().execute(f"ANALYZE reception_{table}")
        # What refers to what is looked at now, not anew behind every test of the module.
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def broker(servers):
    """The Celery application on a real Redis, whose queues are empty before and after."""
    from dealer_crm.celery import app

    before = app.conf.broker_url
    _connect_celery(app, broker_address(servers["REDIS_URL"]))
    app.control.purge()
    yield app
    app.control.purge()
    _connect_celery(app, before)


def _connect_celery(app, address: str) -> None:
    from kombu import pools

    app.conf.broker_url = address
    pools.reset()
    app._after_fork()  # Celery's only way to forget the connections it holds


@pytest.fixture(scope="session")
def program_env(servers) -> dict[str, str]:
    """The environment of a `manage.py` or worker process that works on this run's servers (its own database aside)."""
    return dict(os.environ, **servers, DJANGO_SETTINGS_MODULE="dealer_crm.settings")


@pytest.fixture
def run_manage(program_env):
    """Run a `manage.py` command as a person does: in a process of its own, on the database this test sees."""
    from django.db import connection

    def run(*argv: str, **extra: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *argv],
            cwd=settings.BASE_DIR,
            env=program_env | {"DATABASE_URL": database_url(program_env["DATABASE_URL"], connection)} | extra,
            capture_output=True,
            text=True,
        )

    return run


def database_url(server_url: str, connection) -> str:
    """The server's address with the name of the test's database."""
    return urlsplit(server_url)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture(scope="session")
def _numbered_folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _uploads_in_a_folder_of_their_own(settings, _numbered_folders):
    """Named only: storage makes it when there is something to keep. (`tmp_path` makes a folder for every test, and
    reads the names of all before to find the next number.)"""
    settings.MEDIA_ROOT = next(_numbered_folders)


# ── Browser ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_chromium() -> str | None:
    """The browser on this machine: `CHROMIUM`, one in the path, or where macOS keeps it."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    on_macos = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names), str(on_macos) if on_macos.exists() else None]
    return next(filter(None, found), None)


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium. Without one on the machine the test is skipped and says so; CI sets REQUIRE_BROWSER=1."""
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    if not executable:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("No Chromium on this machine, and REQUIRE_BROWSER=1 asks for one.")
        pytest.skip("no Chromium on this machine (install one, or name it in CHROMIUM)")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic",
             "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]  # fmt: skip
    # The browser's driver keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=quiet + (["--no-sandbox"] if os.geteuid() == 0 else [])
        )
        yield browser
        browser.close()


@pytest.fixture
def browser_page(browser):
    """A fresh window in Chinese, 1366 × 768 like the desks of the house; a script error or a broken rule of the
    content policy fails the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: "Content Security Policy" in line.text and complaints.append(line.text))
    yield page
    # Parts of a page that come later are answered before the tables are emptied.
    page.wait_for_load_state("networkidle")
    context.close()
    assert complaints == []
