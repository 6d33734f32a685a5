import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_asking_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_it_is_ready_when_database_and_broker_answer_and_migrations_are_applied(client, broker):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "faults": {}})


def test_it_is_not_ready_while_the_broker_is_away(client, broker, settings):
    broker.conf.broker_url = "redis+socket:///nobody-listens-here.sock"
    answer = client.get("/readyz")
    broker.conf.broker_url = settings.CELERY_BROKER_URL
    assert answer.status_code == 503
    assert list(answer.json()["faults"]) == ["broker"]


def test_it_is_not_ready_while_a_migration_waits(client, broker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["faults"]) == ["migrations"]


def test_metrics_count_what_waits_in_the_broker(client, broker):
    broker.send_task("nobody.knows.this", ignore_result=True)
    lines = client.get("/metrics").content.decode().splitlines()
    assert [line for line in lines if line.startswith("dealer_crm_tasks_waiting")] == ["dealer_crm_tasks_waiting 1"]
    assert "dealer_crm_broker_ready 1" in lines


def test_metrics_are_for_the_bearer_of_the_token_when_there_is_one(client, broker, settings):
    settings.METRICS_TOKEN = "a-long-secret"
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer a-long-secret"}).status_code == 200
