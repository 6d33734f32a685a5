"""What waits and what is wrong in the archive of a demo house: changes asked for, flaws, doubles, drivers, readings."""

from datetime import datetime, timedelta
from random import Random

from dealer_crm.seeding.people import House
from reception import actions as reception
from reception.models import Customer, CustomerPhone, MileageReading, RepairOrder, Vehicle, VehicleDriver

DRIVERS = (("陈丽", "妻子"), ("王建军", "单位司机"), ("刘洋", "儿子"), ("赵敏", "妹妹"))
CARS_WITH_READINGS = 80
NEEDED = 16


def disorder_the_archive(house: House, random: Random, at: datetime) -> None:
    """A few of everything, so that the lists have something to show. The cars in the shop today are left alone."""
    cars = Vehicle.objects.filter(store=house.store, owner__isnull=False).select_related("owner").order_by("pk")
    busy = RepairOrder.objects.in_shop().filter(store=house.store).values("vehicle")
    quiet = list(cars.exclude(pk__in=busy).order_by("owner_id").distinct("owner_id")[: 8 * NEEDED])
    some = random.sample(quiet, NEEDED)
    for car, (name, relation) in zip(some, DRIVERS, strict=False):
        phone = f"+86139{random.randint(0, 99_999_999):08d}"
        VehicleDriver.objects.create(vehicle=car, name=name, relation=relation, phone=phone)
    _read_counters([*some, *quiet[:CARS_WITH_READINGS]])
    _enter_wrongly(house, some[:6])
    _enter_twice(house, some[6:8], at)
    reception.find_flaws(at=at - timedelta(hours=20))
    _ask_for_changes(house, some[8:16], at)


def _read_counters(cars: list[Vehicle]) -> None:
    """The counter of some cars as their visits read it; what the visits of today read is kept already."""
    kept = MileageReading.objects.values("order")
    visits = RepairOrder.objects.filter(vehicle__in=cars, mileage__isnull=False).exclude(pk__in=kept)
    MileageReading.objects.bulk_create(
        MileageReading(
            vehicle_id=visit.vehicle_id, order=visit, km=visit.mileage, read_at=visit.arrived_at,
            read_by_id=visit.advisor_id,
        )
        for visit in visits.order_by("arrived_at")
    )  # fmt: skip


def _enter_wrongly(house: House, cars: list[Vehicle]) -> None:
    nameless, invalid, missing, wrong_vin, wrong_plate, without_owner = cars
    Customer.objects.filter(pk=nameless.owner_id).update(name="先生")
    CustomerPhone.objects.filter(customer=invalid.owner_id).update(
        number="+8612013572468", entered_by=house.staff["A01"]
    )
    CustomerPhone.objects.filter(customer=missing.owner_id).delete()
    vin = wrong_vin.vin
    wrong = vin[:8] + ("1" if vin[8] != "1" else "2") + vin[9:]
    Vehicle.objects.filter(pk=wrong_vin.pk).update(vin=wrong)
    Vehicle.objects.filter(pk=wrong_plate.pk).update(plate=wrong_plate.plate[:6])
    Vehicle.objects.filter(pk=without_owner.pk).update(owner=None)


def _enter_twice(house: House, cars: list[Vehicle], at: datetime) -> None:
    """A customer entered a second time with the same number, and a new car that came back with its plate."""
    known, new_car = cars
    advisor, entered = house.staff["A01"], at - timedelta(days=3)
    number = known.owner.phones.first().number
    reception.create_customer(
        by=advisor, at=entered, store=house.store, name=f"{known.owner.name[0]}先生", phones=[number]
    )
    Vehicle.objects.create(
        plate=f"新车{new_car.vin[-8:]}", vin=new_car.vin, brand=new_car.brand, series=new_car.series, store=house.store,
        owner=new_car.owner, created_by=advisor, created_at=entered,
    )  # fmt: skip


def _ask_for_changes(house: House, cars: list[Vehicle], at: datetime) -> None:
    advisor, agent, crc = house.staff["A01"], house.staff["H01"], house.staff["H09"]
    renamed, called, sold, replated, refused, settled = cars[:6]
    reception.change_customer(
        customer=renamed.owner, name=f"{renamed.owner.name}（车主）"[:20], reason="身份证登记姓名，原为经办人",
        by=advisor, at=at - timedelta(hours=5),
    )  # fmt: skip
    reception.change_phone(
        phone=called.owner.phones.first(), number="13901234567", reason="回访时客户告知换号", by=agent,
        at=at - timedelta(hours=3),
    )  # fmt: skip
    reception.change_vehicle(
        vehicle=sold, owner=renamed.owner, reason="二手车过户，已核对登记证", by=advisor, at=at - timedelta(hours=2)
    )
    reception.change_vehicle(
        vehicle=replated, plate=f"{replated.plate[:2]}Z{replated.plate[-4:]}", reason="换发号牌", by=advisor,
        at=at - timedelta(minutes=50),
    )  # fmt: skip
    for car, is_right in ((refused, False), (settled, True)):
        asked_at = at - timedelta(days=1)
        phone = car.owner.phones.first()
        number = f"1370000{car.pk % 10_000:04d}"
        reception.change_phone(phone=phone, number=number, reason="客户来电更正", by=agent, at=asked_at)
        change = car.owner.change_requests.waiting().get()
        if is_right:
            reception.accept_change(change=change, by=crc, at=asked_at + timedelta(hours=1))
        else:
            reception.reject_change(
                change=change, reason="与客户核实，原号码仍在用", by=crc, at=asked_at + timedelta(hours=1)
            )
