"""The factory's list of the demo waits to be looked at, with new rows and changed ones."""

import pytest

from dealer_crm.importing.choices import RunState
from dealer_crm.importing.models import ImportRun
from dealer_crm.seeding.factory import SOURCE, bring_factory_list
from dealer_crm.seeding.people import House
from tests.factories import cast
from tests.factories.reception import MORNING, CustomerFactory, RepairOrderFactory, VehicleFactory

pytestmark = pytest.mark.django_db


def test_the_list_is_read_through_its_source_and_waits_with_new_and_changed_rows():
    people = cast.of_store()
    customer = CustomerFactory(store=people.store, phone="+8613812345678")
    car = VehicleFactory(owner=customer, store=people.store)
    RepairOrderFactory(
        vehicle=car, customer=customer, store=people.store, advisor=people.advisor, kind="maintenance", state="open"
    )
    house = House(people.store, staff={"A01": people.advisor, "M01": people.manager})
    bring_factory_list(house, people.manager, MORNING)
    run = ImportRun.objects.get()
    assert (run.state, run.problems, run.source.name) == (RunState.PREVIEWED, [], SOURCE)
    assert run.counts["工单"] == {"new": 3, "changed": 1, "unchanged": 0, "refused": 0}
    assert [cell["column"] for row in run.changes["工单"] if row["kind"] == "changed" for cell in row["cells"]] == [
        "承诺交车时间"
    ]
