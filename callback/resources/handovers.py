"""Sheet 新车交付 of the import workbook: the new cars the sales department has handed over.

Source: spec `callback.md` (sales calls are owed from the handover). A car is named by its plate or, as long as it has
none, by its VIN; one of the two is enough. A handover that stands moves no more: its calls were counted from it.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from callback.actions import KeptHandover, note_handovers, wrong_moment
from callback.models import Handover
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Code, Moment, Plate, Text, Vin
from reception.models import Customer, Vehicle

_ANEW = gettext_lazy("take the handover back on its page and enter it anew.")


@register
class HandoverSheet(SheetResource):
    sheet, place, key = "新车交付", 160, ("plate", "vin")
    also = {"home": "store__code", "car": "vehicle_id"}
    double_column = "plate"

    plate = Column("车牌号", Plate(), "vehicle__plate", refers="车辆", known_as=("车牌", "车牌号码", "牌照号"))
    vin = Column("VIN", Vin(), "vehicle__vin", known_as=("车架号", "VIN码", "VIN号", "底盘号", "车辆识别代号"))
    customer = Column(
        "客户编号", Code(30), "customer__code", refers="客户", fixed=_ANEW, known_as=("客户代码", "客户号", "车主编号")
    )
    handed_over_at = Column(
        "交付时间", Moment(), "handed_over_at", required=True, fixed=_ANEW,
        known_as=("新车交付时间", "新车交付日期", "交付日期", "提车时间", "提车日期"),
    )  # fmt: skip
    salesperson = Column("销售顾问", Text(40), "salesperson", known_as=("销售员", "销售人员", "顾问"))
    store = Column("门店代码", Code(20), "store__code", refers="门店", fixed=_ANEW)

    def known_rows(self, keys):
        plates, vins = ({key[place] for key in keys} - {None} for place in (0, 1))
        return Handover.objects.filter(Q(vehicle__plate__in=plates) | Q(vehicle__vin__in=vins))

    def load(self, keys, *, lock=False):
        """What stands under the plate, or under the VIN where a row gives no plate."""
        found = super().load(keys, lock=lock)
        by_plate = {plate: known for (plate, _vin), known in found.items()}
        by_vin = {vin: known for (_plate, vin), known in found.items() if vin}
        known = {key: by_plate.get(key[0]) if key[0] else by_vin.get(key[1]) for key in keys}
        return {key: one for key, one in known.items() if one}

    def store_of(self, row, book):
        code = row.before["home"] if row.before else row.get("store") or book.default_store()
        return StoreCode(code) if code else None

    def complete(self, row, book):
        """A VIN alone finds the plate its car is known under."""
        if row.given("vin") and not row.given("plate"):
            plates = book.remember("plates of new cars", lambda: self._plates(book))
            if row.get("vin") in plates:
                row.values["plate"] = plates[row.get("vin")]

    def _plates(self, book) -> dict[str, str]:
        """VIN → plate of the cars that are given by VIN alone, from the workbook, else from the archive."""
        vins = {row.get("vin") for row in book.sheets[self.sheet].rows if row.given("vin")}
        plates = dict(Vehicle.objects.standing().filter(vin__in=vins).values_list("vin", "plate"))
        cars = book.sheets["车辆"]
        plates.update({row.get("vin"): row.get("plate") for row in cars.rows if row.get("vin") in vins})
        unseen = {(plate,) for plate in plates.values()} - set(cars.known) - set(cars.by_key)
        cars.known.update(cars.resource.load(unseen))
        for sheet, keys in cars.resource.needs(cars.known.values()).items():
            owners = book.sheets[sheet]
            owners.known.update(owners.resource.load(keys - set(owners.known)))
        return plates

    def check(self, row, book):
        if not row.given("plate"):
            unknown = _("No car of this VIN is known; give it with its plate in the sheet 车辆.")
            yield ("vin", unknown) if row.given("vin") else ("plate", _("Give the plate or the VIN of the car."))
            return
        car = book.row("车辆", row.get("plate"))
        if car and row.given("vin") and car.get("vin") and car.get("vin") != row.get("vin"):
            yield "vin", _("The car %(plate)s has another VIN.") % {"plate": row.get("plate")}
        if self.store_of(row, book) is None:
            yield "plate", _("It is not clear which store this row belongs to; give 门店代码.")
        if row.before is not None:
            return
        if row.given("handed_over_at") and (wrong := wrong_moment(row.get("handed_over_at"), book.at)):
            yield "handed_over_at", wrong[1]
        if car and not row.given("customer") and not car.get("owner"):
            yield "customer", _("The car has no owner yet; enter whom it was handed to.")

    def check_all(self, rows, book):
        """A car is new once, by whichever of its names; nobody who asked to be forgotten takes one over."""
        new = [row for row in rows if row.before is None and row.given("plate")]
        cars = {row: book.pk("车辆", row.get("plate")) for row in new}
        known = dict(
            Handover.objects.filter(vehicle__in=[pk for pk in cars.values() if pk]).values_list(
                "vehicle", "store__code"
            )
        )
        taken = {row: self._customer(row, book) for row in new}
        erased = set(
            Customer.objects.filter(code__in=set(taken.values()), erased_at__isnull=False).values_list(
                "code", flat=True
            )
        )
        first_rows = {}
        for row in new:
            first = first_rows.setdefault(row.get("plate"), row)
            if first is not row:
                again = {"key": row.get("plate"), "row": first.number}
                yield row, "plate", _("%(key)s already stands in row %(row)s.") % again
            elif cars[row] in known:
                told = _("This car was handed over in store %(store)s already; a car is new once.")
                yield row, "plate", told % {"store": known[cars[row]]}
            if taken[row] in erased:
                yield row, "customer", _("This customer asked to be forgotten; name whose car it is now.")

    def write(self, new, changed, book):
        kept = [
            KeptHandover(
                store_id=book.pk("门店", self.store_of(row, book).code),
                vehicle_id=book.pk("车辆", row.get("plate")),
                customer_id=book.pk("客户", self._customer(row, book)),
                handed_over_at=row.get("handed_over_at"),
                salesperson=row.get("salesperson") or "",
            )
            for row in new
        ]
        for row, made in zip(new, note_handovers(kept=kept, by=book.by, at=book.at), strict=True):
            row.pk = made.pk
        Handover.objects.bulk_update(
            [Handover(pk=row.pk, salesperson=row.get("salesperson") or "") for row in changed],
            ["salesperson"],
            batch_size=1000,
        )

    @staticmethod
    def _customer(row, book) -> str | None:
        """Code of who took the car: as the row says, else its owner."""
        car = book.row("车辆", row.get("plate"))
        return row.get("customer") or (car.get("owner") if car else None)
