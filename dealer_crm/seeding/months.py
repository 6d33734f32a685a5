"""Months gone by: customers, cars and finished orders, written in bulk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from dealer_crm.organization.actions import pinyin_key
from dealer_crm.organization.choices import TeamKind
from dealer_crm.organization.models import Staff, Team
from dealer_crm.seeding import names
from dealer_crm.seeding.bulk import Ids, copy_all
from dealer_crm.seeding.people import House
from dealer_crm.values import WorkCalendar, fen
from reception.choices import (
    PAYING,
    CustomerKind,
    CustomerLevel,
    DelayCause,
    Gender,
    LineKind,
    OrderKind,
    OrderState,
    Payer,
    PaymentMethod,
)
from reception.formulas import line_payable
from reception.models import (
    AccidentAssessment,
    Customer,
    CustomerPhone,
    LineShare,
    OrderLine,
    Promise,
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
    Vehicle,
    WalkRound,
)
from workshop.choices import InspectionLevel, InspectionResult
from workshop.models import ConsumableIssue, Inspection

_KINDS = (
    (OrderKind.MAINTENANCE, 44), (OrderKind.FIRST_SERVICE, 6), (OrderKind.REPAIR, 24), (OrderKind.ACCIDENT, 8),
    (OrderKind.WARRANTY, 8), (OrderKind.PDI, 3), (OrderKind.CAMPAIGN, 2), (OrderKind.ACCESSORY, 5),
)  # fmt: skip
_METHODS = (PaymentMethod.WECHAT, PaymentMethod.ALIPAY, PaymentMethod.CARD, PaymentMethod.CASH)
_PRICE_PER_HOUR = {False: Decimal(120), True: Decimal(100)}
_ABOVE_ESTIMATE = tuple(map(Decimal, ("1", "1", "0.97", "1.02", "1", "1.04", "0.95", "1", "1.12", "1")))
"""The bill against what was named before: mostly as named, one in ten well above it."""
_BILLS_COME_AFTER = timedelta(days=6)
_CHUNK = 5000


@dataclass
class Car:
    """A car with its owner; it is driven evenly from `since` on, so that no counter falls, whatever is written when."""

    vehicle: Vehicle
    customer: Customer
    since: datetime
    km_a_day: int

    def counter(self, at: datetime) -> int:
        """Its mileage (km) at that moment."""
        return self.vehicle.mileage + int((at - self.since) / timedelta(days=1) * self.km_a_day)


class Months:
    """Writes finished orders of one house from `first` to `last`, `count` in all."""

    def __init__(self, house: House, random: Random, calendar: WorkCalendar):
        self.house, self.random, self.calendar = house, random, calendar
        self.ids = {
            model: Ids(model)
            for model in (Customer, CustomerPhone, Vehicle, RepairOrder, OrderLine, LineShare, Promise, WalkRound,
                          Settlement, SettlementAmount, Receipt, AccidentAssessment, Inspection, ConsumableIssue)
        }  # fmt: skip
        self.numbers: dict[date, int] = {}
        self._clear()

    def _clear(self):
        self.rows: dict[type, list] = {model: [] for model in self.ids}

    def _add(self, model, /, **fields):
        row = model(id=self.ids[model](), **fields)
        self.rows[model].append(row)
        return row

    def flush(self):
        copy_all(self.rows.values())
        self._clear()

    # ── People and cars ──────────────────────────────────────────────────────────────────────────────────────────────
    def make_cars(self, count: int, at: datetime, first_number: int) -> list[Car]:
        random, store = self.random, self.house.store
        make = store.brands.first().name
        agents = self.house.of("A")
        cars, customer = [], None
        for index in range(count):
            number = first_number + index
            if customer is None or random.random() > 0.12:  # some people have two cars
                customer = self._make_customer(number, at, agents)
            series, prefix = random.choice(names.MODELS[make])
            bought = at.date() - timedelta(days=random.randint(60, 2600))
            km_a_day = random.randint(25, 55)
            vehicle = self._add(
                Vehicle,
                plate=names.plate(number),
                vin=names.vin(number, prefix),
                brand=make,
                series=series,
                model=f"{bought.year}款 {series} 精英型",
                engine_number=f"LTG{number:07d}",
                purchased_on=bought,
                warranty_ends_on=bought + timedelta(days=3 * 365),
                warranty_km=100_000,
                insurance_ends_on=at.date() + timedelta(days=random.randint(-20, 345)),
                owner_id=customer.id,
                store_id=store.id,
                mileage=max(500, (at.date() - bought).days * km_a_day),
                created_by_id=random.choice(agents).id,
                created_at=at,
            )
            cars.append(Car(vehicle, customer, at, km_a_day))
            if len(self.rows[Vehicle]) >= _CHUNK:
                self.flush()
        self.flush()
        return cars

    def _make_customer(self, number: int, at: datetime, agents: list[Staff]) -> Customer:
        random = self.random
        is_company = random.random() < 0.07
        name = f"{random.choice(names.COMPANIES)}有限公司" if is_company else names.person(random)
        customer = self._add(
            Customer,
            code=f"{self.house.store.code}C{number:07d}",
            store_id=self.house.store.id,
            name=name,
            name_pinyin=pinyin_key(name),
            kind=CustomerKind.COMPANY if is_company else CustomerKind.PERSON,
            gender="" if is_company else random.choice([Gender.MALE, Gender.FEMALE]),
            birthday=None
            if is_company
            else date(random.randint(1962, 2002), random.randint(1, 12), random.randint(1, 28)),
            area=random.choice(names.AREAS),
            address=f"{random.choice(names.ROADS)}{random.randint(1, 400)}号",
            contact_hour=random.choice([None, None, 9, 10, 14, 16]),
            level=random.choices(list(CustomerLevel), [70, 20, 7, 3])[0],
            created_by_id=random.choice(agents).id,
            created_at=at,
        )
        if random.random() < 0.01:
            customer.no_call_since, customer.no_call_reason = at.date(), "客户明确表示不接受回访电话"
        self._add(CustomerPhone, customer_id=customer.id, number=names.mobile(number), is_primary=True)
        return customer

    # ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def make_orders(self, count: int, first: date, last: date, cars: list[Car]) -> Iterator[list[RepairOrder]]:
        """`count` finished orders spread over the open days, batch by batch as they are written.

        Dealerships open at weekends; fewer cars come on holidays.
        """
        random = self.random
        days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
        weights = [1.0 if self.calendar.is_working(day) else 0.45 for day in days]
        self.last = last
        self.bills_until = datetime.combine(last, time.min, self.house.store.tz) - _BILLS_COME_AFTER
        for day in sorted(random.choices(days, weights, k=count)):
            self._make_order(day, random.choice(cars))
            if len(self.rows[RepairOrder]) >= _CHUNK:
                yield self._written_orders()
        yield self._written_orders()

    def _written_orders(self) -> list[RepairOrder]:
        orders = self.rows[RepairOrder]
        self.flush()
        return orders

    def _make_order(self, day: date, car: Car) -> None:
        random, store = self.random, self.house.store
        arrived = datetime.combine(day, time(8, 30), store.tz) + timedelta(minutes=5 * random.randint(0, 96))
        kind = random.choices([kind for kind, _weight in _KINDS], [weight for _kind, weight in _KINDS])[0]
        hours = random.choice([3, 4, 6, 8]) if kind != OrderKind.ACCIDENT else random.choice([48, 72, 120])
        promised = arrived + timedelta(hours=hours)
        completed = arrived + timedelta(
            hours=hours * random.choices([0.3, 0.45, 0.6, 0.75, 1.15], [25, 30, 25, 16, 4])[0]
        )
        settled = completed + timedelta(minutes=random.randint(5, 60))
        delivered = settled + timedelta(minutes=random.randint(5, 40))
        if delivered.astimezone(store.tz).date() > self.last:
            # A long repair ends within the months asked for; its number is of the day it came.
            day, arrived = day - timedelta(days=7), arrived - timedelta(days=7)
            promised, completed, settled, delivered = (
                moment - timedelta(days=7) for moment in (promised, completed, settled, delivered)
            )
        self.numbers[day] = serial = self.numbers.get(day, 0) + 1
        mileage = car.counter(arrived)
        advisor = random.choice(self.house.of("A")[:3])
        order = self._add(
            RepairOrder,
            number=f"{store.code}-{day:%y%m%d}-{serial:04d}",
            store_id=store.id,
            vehicle_id=car.vehicle.id,
            customer_id=car.customer.id,
            kind=kind,
            advisor_id=advisor.id,
            state=OrderState.DELIVERED,
            arrived_at=arrived,
            greeted_at=arrived + timedelta(minutes=random.randint(1, 9)),
            opened_at=arrived + timedelta(minutes=random.randint(10, 25)),
            promised_at=promised,
            completed_at=completed,
            settled_at=settled,
            delivered_at=delivered,
            mileage=mileage,
            fuel_percent=random.randint(1, 9) * 10,
            symptoms=random.choice(names.SYMPTOMS),
            delay_cause=random.choice([DelayCause.SHOP, DelayCause.CUSTOMER]) if delivered > promised else "",
            next_service_on=day + timedelta(days=180) if kind == OrderKind.MAINTENANCE else None,
            next_service_km=mileage + 7500 if kind == OrderKind.MAINTENANCE else None,
            created_by_id=advisor.id,
            created_at=arrived,
        )
        self._add(Promise, order_id=order.id, promised_at=promised, made_at=arrived, made_by_id=advisor.id)
        lines = self._make_lines(order, kind)
        self._tell_customer(order, lines)
        self._settle(order, lines, settled)
        leader, inspector = self.house.staff["T01"], self.house.staff["Q01"]
        for level, who in ((InspectionLevel.TEAM, leader), (InspectionLevel.FINAL, inspector)):
            self._add(
                Inspection, order_id=order.id, level=level, result=InspectionResult.PASSED,
                inspected_by_id=who.id, inspected_at=completed,
            )  # fmt: skip

    def _make_lines(self, order: RepairOrder, kind: OrderKind) -> list[OrderLine]:
        random = self.random
        oil_change = names.MAINTENANCE[0]
        payer = {
            OrderKind.WARRANTY: Payer.WARRANTY, OrderKind.ACCIDENT: Payer.INSURANCE, OrderKind.PDI: Payer.INTERNAL,
            OrderKind.CAMPAIGN: Payer.FREE, OrderKind.FIRST_SERVICE: Payer.WARRANTY,
        }.get(kind, Payer.CUSTOMER)  # fmt: skip
        works = {
            OrderKind.MAINTENANCE: lambda: [
                names.MAINTENANCE[0],
                *random.sample(names.MAINTENANCE[1:], random.randint(0, 3)),
            ],
            OrderKind.FIRST_SERVICE: lambda: [oil_change],
            OrderKind.ACCIDENT: lambda: random.sample(names.PAINT, random.randint(1, 3)),
            OrderKind.ACCESSORY: list,
            OrderKind.PDI: lambda: [names.REPAIRS[7]],
        }.get(kind, lambda: random.sample(names.REPAIRS, random.randint(1, 2)))()
        lines: list[OrderLine] = []
        for work in works:
            team = self._team(work.is_paint)
            discount = random.choice(["0", "0", "0", "0.05", "0.1"])
            price = _PRICE_PER_HOUR[work.is_paint]
            lines.append(
                self._line(
                    order,
                    lines,
                    LineKind.LABOUR,
                    work.name,
                    work.hours,
                    price,
                    discount,
                    payer,
                    code=work.code,
                    team=team,
                )
            )
            technician = random.choice(self._technicians(team))
            self._add(LineShare, line_id=lines[-1].id, technician_id=technician.id, share=Decimal(1))
            for name, price, quantity in work.parts:
                lines.append(
                    self._line(order, lines, LineKind.PART, name, quantity, price, "0", payer,
                               **_article(name))
                )  # fmt: skip
        if kind in (OrderKind.REPAIR, OrderKind.ACCIDENT) and order.id % 6 == 0:
            name, price = names.SUBLETS[order.id // 6 % len(names.SUBLETS)]
            has_bill = (
                order.arrived_at < self.bills_until
            )  # of the last days the other workshop's bill has not come yet
            cost = Decimal(price) * names.SUBLET_COST if has_bill else None
            lines.append(self._line(order, lines, LineKind.SUBLET, name, 1, price, "0", payer, unit_cost=cost))
        if kind == OrderKind.ACCESSORY or random.random() < 0.08:
            name, price = random.choice(names.ACCESSORIES)
            installed = random.random() < 0.6
            seller = random.choice([*self.house.of("A")[:3], self.house.staff["S01"], self.house.staff["S01"]])
            lines.append(
                self._line(order, lines, LineKind.ACCESSORY, name, 1, price, random.choice(["0", "0.05", "0.1", "0.2"]),
                           Payer.CUSTOMER, seller=seller, is_installed=installed,
                           installation_team=self.house.teams["加装组"] if installed else None, **_article(name))
            )  # fmt: skip
        return lines

    def _line(self, order, lines, kind, name, quantity, price, discount, payer, code="", team=None, seller=None,
              is_installed=False, installation_team=None, unit_cost=None) -> OrderLine:  # fmt: skip
        quantity, price, discount = Decimal(quantity), Decimal(price), Decimal(discount)
        return self._add(
            OrderLine, order_id=order.id, number=len(lines) + 1, kind=kind, code=code, name=name, quantity=quantity,
            unit_price=price, discount_rate=discount, payer=payer,
            payable_amount=line_payable(quantity=quantity, unit_price=price, discount_rate=discount),
            team_id=team.id if team else None, seller_id=seller.id if seller else None, is_installed=is_installed,
            installation_team_id=installation_team.id if installation_team else None, unit_cost=unit_cost,
        )  # fmt: skip

    def _team(self, is_paint: bool) -> Team:
        kind = TeamKind.BODY_PAINT if is_paint else TeamKind.MECHANICAL
        return self.random.choice(self.house.team_of_kind(kind))

    def _technicians(self, team: Team) -> list[Staff]:
        numbers = {"机电一组": ("T01", "T02", "T03"), "机电二组": ("T04", "T05", "T06"), "钣喷一组": ("T07", "T08")}
        return [self.house.staff[number] for number in numbers[team.name]]

    def _tell_customer(self, order: RepairOrder, lines: list[OrderLine]) -> None:
        """What was said at the car: most were walked round, named a price and had the bill explained."""
        due = sum((line.payable_amount for line in lines if line.payer == Payer.CUSTOMER), Decimal(0))
        if due:
            order.estimated_amount = fen(due / _ABOVE_ESTIMATE[order.id % len(_ABOVE_ESTIMATE)])
        order.was_explained = order.id % 40 != 0
        if order.id % 14:
            self._add(
                WalkRound, order_id=order.id, is_unmarked=True, walked_by_id=order.advisor_id, walked_at=order.opened_at
            )

    def _settle(self, order: RepairOrder, lines: list[OrderLine], settled: datetime) -> None:
        random = self.random
        cashier = self.house.staff["C01"]
        settlement = self._add(
            Settlement, number=f"JS{order.number}", order_id=order.id, settled_at=settled, settled_by_id=cashier.id,
            lines=[],
        )  # fmt: skip
        day = settled.astimezone(self.house.store.tz).date()
        totals: dict[Payer, list[Decimal]] = {}
        for line in lines:
            total = totals.setdefault(line.payer, [Decimal(0), Decimal(0)])
            total[0] += line.payable_amount
            total[1] += line.payable_amount if line.kind == LineKind.ACCESSORY else 0
        for payer, (amount, accessory) in totals.items():
            self._add(
                SettlementAmount, settlement_id=settlement.id, payer=payer, amount=amount, accessory_amount=accessory
            )
            is_disputed = payer == Payer.INSURANCE and order.id % 9 == 0  # the insurer has not paid yet
            if payer in PAYING and amount and not is_disputed:
                later = {Payer.CUSTOMER: random.choice([0] * 14 + [2, 9, 40]), Payer.WARRANTY: random.randint(18, 45)}
                received = day + timedelta(days=later.get(payer, random.randint(12, 60)))
                self._receive(
                    order,
                    payer,
                    received,
                    amount,
                    random.choice(_METHODS) if payer == Payer.CUSTOMER else PaymentMethod.TRANSFER,
                )
        if order.kind == OrderKind.ACCIDENT:
            assessed = sum((totals[payer][0] for payer in (Payer.INSURANCE,) if payer in totals), Decimal(0))
            on = day - timedelta(days=1) if random.random() < 0.9 else None
            self._add(
                AccidentAssessment, order_id=order.id, assessed_amount=fen(assessed), assessed_on=on, released_on=day
            )

    def _receive(self, order, payer, received: date, amount: Decimal, method: PaymentMethod) -> None:
        if received > self.last:
            return
        parts = [amount] if self.random.random() > 0.04 else [fen(amount / 2), amount - fen(amount / 2)]
        for place, part in enumerate(part for part in parts if part):
            at = datetime.combine(received, time(17), self.house.store.tz)
            self._add(
                Receipt, number=f"SK{order.number}-{payer[0].upper()}{place + 1}", order_id=order.id, payer=payer,
                received_on=received, amount=part, method=method, entered_by_id=self.house.staff["C01"].id,
                entered_at=at,
            )  # fmt: skip

    def make_consumables(self, first: date, last: date) -> None:
        """Two or three issues a week and team."""
        random, store = self.random, self.house.store
        for team in [*self.house.team_of_kind(TeamKind.MECHANICAL), *self.house.team_of_kind(TeamKind.BODY_PAINT)]:
            day = first
            while day <= last:
                self._add(
                    ConsumableIssue,
                    number=f"LY{store.code}-{day:%y%m%d}-{team.id}", store_id=store.id,
                    team_id=team.id,
                    issued_on=day, name=random.choice(names.CONSUMABLES), quantity=random.randint(1, 5),
                    amount=Decimal(random.randint(20, 160)), issued_to_id=self._technicians(team)[0].id,
                )  # fmt: skip
                day += timedelta(days=random.randint(2, 4))
        self.flush()


def _article(name: str) -> dict:
    """How the catalogue calls an article, and what it is bought for."""
    article = names.ARTICLES[name]
    return {"code": article.code, "unit_cost": article.cost}
