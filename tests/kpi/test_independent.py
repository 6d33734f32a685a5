"""Eleven figures of a seeded store counted once more by a script of its own: written from the spec's sentences over
plain rows out of the tables, with no line of the program's measures. Source: spec `kpi.md` (definitions)."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from dealer_crm.kpi.queries import month_measures
from dealer_crm.organization.models import Store
from dealer_crm.values import Period

pytestmark = pytest.mark.django_db


def rows(table: str) -> list[dict]:
    """A table as it is."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Script:
    """Everything of a store's month, by the local calendar."""

    def __init__(self, store: int, month: str):
        self.store, self.month = store, month
        self.orders = [row for row in rows("reception_repairorder") if row["store_id"] == store]
        self.by_id = {row["id"]: row for row in self.orders}

    def here(self, moment: datetime | None) -> bool:
        """The moment lies in the month by the clock of Shanghai, eight hours ahead of the database's."""
        return moment is not None and f"{moment + (timedelta(hours=8) - moment.utcoffset()):%Y-%m}" == self.month

    def figures(self) -> dict[str, tuple[Fraction | int, Fraction | int]]:
        delivered = [row for row in self.orders if self.here(row["delivered_at"])]
        arrived = [
            row for row in self.orders if self.here(row["arrived_at"]) and row["state"] not in ("draft", "cancelled")
        ]
        settled = {
            row["order_id"] for row in rows("reception_settlement")
            if row["order_id"] in self.by_id and row["reversed_at"] is None and self.here(row["settled_at"])
        }  # fmt: skip
        decisions = [row for row in rows("workshop_comebackdecision") if row["is_accepted"]]
        back = [self.by_id[row["order_id"]] for row in decisions if row["order_id"] in self.by_id]
        complaints = [
            row for row in rows("complaints_complaint")
            if row["store_id"] == self.store and self.here(row["received_at"])
        ]  # fmt: skip
        return {
            "on_time": self._on_time(delivered),
            "external_comeback": (sum(self.here(row["arrived_at"]) for row in back), len(settled)),
            "first_time_fix": self._fixed(delivered, back),
            "internal_rework": self._failed(),
            "appointment_rate": self._appointments(arrived),
            "complaint_rate": (len(complaints), len(settled)),
            "complaint_content": (
                sum(row["is_satisfied"] is True for row in complaints),
                sum(row["is_satisfied"] is not None for row in complaints),
            ),
            "call_coverage": self._calls(lambda row: row["first_called_at"] is not None),
            "call_in_window": self._calls(
                lambda row: row["first_called_at"] is not None and row["first_called_at"] <= row["due_at"]
            ),
            "recovery": self._recovery(),
            "margin_rate": self._margin(),
        }

    def _on_time(self, delivered):
        promised = [row for row in delivered if row["promised_at"]]
        return sum(map(self._was_on_time, promised)), len(promised)

    @staticmethod
    def _was_on_time(row) -> bool:
        if row["late_by_customer"]:
            return False
        if row["delay_cause"] == "customer" and row["delay_confirmed"]:
            return True
        return row["delivered_at"] <= row["promised_at"]

    def _fixed(self, delivered, back):
        soon = {
            row["original_id"] for row in back
            if row["arrived_at"] <= self.by_id[row["original_id"]]["delivered_at"] + timedelta(days=30)
        }  # fmt: skip
        again = sum(row["id"] in soon for row in delivered)
        return len(delivered) - again, len(delivered)

    def _failed(self):
        checks = [
            row for row in rows("workshop_inspection")
            if row["order_id"] in self.by_id and self.here(row["inspected_at"])
        ]  # fmt: skip
        failed = {row["order_id"] for row in checks if row["result"] == "failed"}
        return len(failed), len({row["order_id"] for row in checks})

    def _appointments(self, arrived):
        booked = {row["order_id"] for row in rows("reception_appointment")}
        return sum(row["id"] in booked for row in arrived), len(arrived)

    def _calls(self, counts):
        rules = {row["id"] for row in rows("callback_rule") if row["code"] == "service_3d"}
        owed = [
            row for row in rows("callback_calltask")
            if row["store_id"] == self.store and row["rule_id"] in rules and row["state"] != "dropped"
            and self.here(row["due_at"])
        ]  # fmt: skip
        return sum(map(counts, owed)), len(owed)

    def _recovery(self):
        live = {row["id"]: row for row in rows("reception_settlement") if row["reversed_at"] is None}
        came: dict[tuple, Fraction] = defaultdict(Fraction)
        for row in rows("reception_receipt"):
            came[row["order_id"], row["payer"]] += Fraction(row["amount"])
        due = received = Fraction(0)
        for row in rows("reception_settlementamount"):
            settlement = live.get(row["settlement_id"])
            if (
                settlement is None
                or settlement["order_id"] not in self.by_id
                or not self.here(settlement["settled_at"])
            ):
                continue
            if row["payer"] in ("customer", "warranty", "insurance"):
                due += Fraction(row["amount"])
                received += min(came[settlement["order_id"], row["payer"]], Fraction(row["amount"]))
        return received, due

    def _margin(self):
        """Money that counts in the month against what was bought for it; what nobody knows the price of stays out."""
        lines = defaultdict(list)
        for row in rows("reception_orderline"):
            lines[row["order_id"]].append(row)
        settled = {
            row["order_id"]: self._day(row["settled_at"]) for row in rows("reception_settlement")
            if row["reversed_at"] is None and row["order_id"] in self.by_id
        }  # fmt: skip
        money = cost = Fraction(0)

        def count(line, share):
            nonlocal money, cost
            is_bought = line["kind"] in ("part", "accessory", "sublet")
            if is_bought and line["unit_cost"] is None:
                return
            money += share * Fraction(line["payable_amount"])
            cost += share * Fraction(line["quantity"]) * Fraction(line["unit_cost"]) if is_bought else 0

        for receipt in rows("reception_receipt"):
            order, payer, day = self.by_id.get(receipt["order_id"]), receipt["payer"], receipt["received_on"]
            if order is None or payer == "insurance" or order["id"] not in settled:
                continue
            day = max(day, settled[order["id"]]) if payer == "customer" else day
            own = [line for line in lines[order["id"]] if line["payer"] == payer]
            if f"{day:%Y-%m}" == self.month:
                share = Fraction(receipt["amount"]) / sum(Fraction(line["payable_amount"]) for line in own)
                for line in own:
                    if line["kind"] == "accessory" or payer == "warranty" or order["kind"] != "accident":
                        count(line, share)
        for row in rows("reception_accidentassessment"):
            days = [row["assessed_on"], row["released_on"]]
            if row["order_id"] in self.by_id and None not in days and f"{max(days):%Y-%m}" == self.month:
                own = [line for line in lines[row["order_id"]] if line["payer"] == "insurance"]
                money += Fraction(row["assessed_amount"]) - sum(Fraction(line["payable_amount"]) for line in own)
                for line in own:
                    count(line, 1)
        for order, day in settled.items():
            if f"{day:%Y-%m}" == self.month:
                cost += sum(
                    Fraction(line["quantity"]) * Fraction(line["unit_cost"]) for line in lines[order]
                    if line["payer"] in ("internal", "free") and line["unit_cost"] is not None
                )  # fmt: skip
        issued = [
            Fraction(row["amount"]) for row in rows("workshop_consumableissue")
            if row["store_id"] == self.store and f"{row['issued_on']:%Y-%m}" == self.month
        ]  # fmt: skip
        return money - cost - sum(issued), money

    @staticmethod
    def _day(moment: datetime):
        return (moment + (timedelta(hours=8) - moment.utcoffset())).date()


def test_a_script_written_from_the_spec_counts_the_same_eleven_figures():
    call_command("seed", "--stores", "1", "--orders", "150", "--months", "2", "--verbosity", "0")
    store = Store.objects.get()
    month = Period.of(timezone.now(), store.tz).previous()
    found = month_measures(store, month)
    for code, (above, below) in Script(store.pk, str(month)).figures().items():
        own = found[code]
        assert below > 0, code
        assert (round(Decimal(float(above)), 2), round(Decimal(float(below)), 2)) == (
            round(own.numerator, 2), round(own.denominator, 2)
        ), code  # fmt: skip
        assert own.value == own.numerator / own.denominator or code == "first_time_fix"
        assert round(float(own.value), 6) == round(float(above / below), 6), code
