"""Two people, or two sweeps, at the same bad answer at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from dealer_crm.notices.models import Notice
from dealer_crm.values import Refusal
from satisfaction import actions
from satisfaction.models import Flag
from tests.factories import cast
from tests.factories.satisfaction import ANSWERED, response

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    """Do all at the same moment, each on a connection of its own; what each gave or the refusal it met."""
    start = Barrier(len(deeds))

    def run(deed):
        start.wait()
        try:
            return deed()
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_a_bad_answer_is_dealt_with_once_and_reminded_of_once():
    actions.install_questionnaires(by=None, at=ANSWERED)  # a test of real transactions begins on an empty database
    people = cast.of_store()
    response(people, {"F07": 2})
    flag, nearly_due = Flag.objects.get(), ANSWERED + timedelta(hours=21)
    reminded = at_once(*[lambda: actions.remind_of_flags(store=people.store, at=nearly_due)] * 3)
    assert (sorted(reminded), Notice.objects.filter(key__startswith="flags:").count()) == ([0, 0, 1], 2)
    dealt = at_once(
        lambda: actions.deal_with_flag(flag=flag, result="已致电道歉", by=people.crc, at=ANSWERED),
        lambda: actions.deal_with_flag(flag=flag, result="已上门说明", by=people.manager, at=ANSWERED),
    )
    flag.refresh_from_db()
    assert sorted(str(one) == "dealt_already" for one in dealt) == [False, True]
    assert flag.result in ("已致电道歉", "已上门说明")
