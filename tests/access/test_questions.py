"""A page asks the database a dozen questions at most, whatever it shows."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dealer_crm.access.roles import PERMISSIONS, Role
from tests.access.objects import MONTH, Stage
from tests.access.test_matrix import GUARDED
from tests.factories import cast

pytestmark = pytest.mark.django_db

MOST = 12
SEVERAL_LISTS_IN_ONE = {"ui:home": 20, "reporting:csi": 20, "reporting:kpi": 16, "reporting:complaints": 16}
"""A card from every app; the sheets of a workbook below each other: a question or two for each."""
PAGES = [one for one in GUARDED if not (one.has_arguments or one.is_api) and ":" in one.name]


def test_no_page_asks_more_than_a_dozen_questions():
    stage = Stage(cast.of_store())
    stage.everything()
    people, many = stage.people.by_role(), {}
    for address in PAGES:
        role = next(role for role in (Role.MANAGER, *Role) if address.permissions()["get"] in PERMISSIONS[role])
        client = Client()
        client.force_login(people[role])
        cache.clear()
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            client.get(f"{reverse(address.name)}?{urlencode({'period': MONTH})}")
            transaction.set_rollback(True)
        questions = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
        if len(questions) > SEVERAL_LISTS_IN_ONE.get(address.name, MOST):
            many[address.name] = len(questions)
    assert many == {}
