"""What the environment makes of the program."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth import authenticate

from dealer_crm.settings import broker_address

PRODUCTION = {
    "SECRET_KEY": "a secret long enough for a real installation, and varied: 8f3K",
    "ALLOWED_HOSTS": "dealer.example",
    "DATABASE_URL": "postgresql://dealer:secret@database/dealer",
    "REDIS_URL": "redis://:secret@broker:6379/0",
}


def in_production(program: str, **env) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); from django.conf import settings; {program}"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "dealer_crm.settings", **PRODUCTION, **env},
        capture_output=True,
        text=True,
    )


def test_a_real_installation_needs_a_secret_of_its_own():
    refused = in_production("", SECRET_KEY="")
    assert refused.returncode == 1
    assert "SECRET_KEY is not set" in refused.stderr


def test_a_real_installation_speaks_https_only_and_asks_for_a_second_factor():
    said = in_production("print(settings.SECURE_SSL_REDIRECT, settings.SESSION_COOKIE_SECURE, settings.SECOND_FACTOR)")
    assert said.stdout == "True True True\n"


def test_the_settings_pass_the_deployment_check():
    given = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}  # for a browser
    done = subprocess.run([sys.executable, "manage.py", "check_deployment"], cwd=settings.BASE_DIR, capture_output=True,
                          text=True, env={**given, "DJANGO_SETTINGS_MODULE": "dealer_crm.settings"})  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_broker_on_a_socket_is_named_as_celery_reads_it():
    assert broker_address("unix://:pw@/run/redis.sock") == "redis+socket://:pw@/run/redis.sock"
    assert broker_address("unix://:pw@/run/redis.sock?db=3") == "redis+socket://:pw@/run/redis.sock?virtual_host=3"
    assert broker_address("redis://:pw@broker:6379/0") == "redis://:pw@broker:6379/0"


def test_no_task_may_outlast_the_time_after_which_it_is_delivered_again():
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT


@pytest.mark.django_db
def test_the_demo_password_opens_doors_in_the_demo_only(settings, rf, django_user_model):
    staff = django_user_model.objects.create(username="advisor", name="顾问")
    staff.set_password("demo")
    staff.save()
    given = {"request": rf.post("/sign-in/"), "username": "advisor", "password": "demo"}
    settings.DEMO = False
    assert authenticate(**given) is None
    settings.DEMO = True
    assert authenticate(**given) == staff


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "cookie", "accepts", "spoken"),
    [
        ("/healthz", None, "en-GB,en;q=0.9", "zh-hans"),
        ("/healthz", "en", "zh-CN", "en"),
        ("/healthz", "xx", "en", "zh-hans"),
        ("/api/v1/", None, "en", "en"),
        ("/api/v1/", None, None, "zh-hans"),
    ],
)
def test_the_house_speaks_chinese_until_a_person_switches(client, path, cookie, accepts, spoken):
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get(path, headers={"Accept-Language": accepts} if accepts else {})
    assert answer.headers["Content-Language"] == spoken
