"""Sheets 客户 and 车辆.

The sheets have no store: the home store of a car is that of its first order in the workbook, of a customer that of the
first order of any of their cars; without orders the workbook's store, the importing person's or the only one.
"""

import re
from dataclasses import replace

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.importing.sheets import Column, Row, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Choice, Code, Day, Phone, Plate, Text, Vin, YesNo
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.values.phone import is_valid_phone
from reception.choices import CustomerKind, Gender
from reception.models import Customer, CustomerPhone, Vehicle

KINDS = {"个人": CustomerKind.PERSON, "单位": CustomerKind.COMPANY}
GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE, "先生": Gender.MALE, "女士": Gender.FEMALE}
NO_CALL_REASON = "导入：客户拒绝回访"


def first_stores(book) -> tuple[dict, dict]:
    """Plate → store code of the car's first order in the workbook, and customer code → the same over all their cars."""

    def work_out():
        by_plate, by_customer = {}, {}
        orders = [
            row for row in book.sheets["工单"].rows if row.get("vehicle") and row.get("store") and row.get("arrived_at")
        ]
        for row in sorted(orders, key=lambda row: (row.get("arrived_at"), str(row.get("number")))):
            by_plate.setdefault(row.get("vehicle"), row.get("store"))
            vehicle = book.row("车辆", row.get("vehicle"))
            if vehicle is not None:
                by_customer.setdefault(vehicle.get("owner"), row.get("store"))
        return by_plate, by_customer

    return book.remember("first_stores", work_out)


def erased_at(code: str | None, book):
    """When the customer of that code asked to be forgotten, or None."""
    found = book.row("客户", code) if code else None
    known = found.before if isinstance(found, Row) else found and found.values
    return known["erased"] if known else None


class HomeSheet(SheetResource):
    """A sheet whose rows belong to a home store the workbook does not name."""

    def load(self, keys, *, lock=False):
        """A double that was merged stands for the one it went into: what names the double is about that one."""
        found = super().load(keys, lock=lock)
        return {key: replace(known, pk=known.values["merged"] or known.pk) for key, known in found.items()}

    def home_store(self, row, book) -> str | None:
        raise NotImplementedError

    def check(self, row, book):
        if row.before is None and self.home_store(row, book) is None:
            yield (
                self.key[0],
                _("It is not clear which store this row belongs to; add the sheet 门店 or an order of the car."),
            )

    def store_of(self, row, book):
        code = row.before["home"] if row.before else self.home_store(row, book)
        return StoreCode(code) if code else None

    def belongs_to(self, row, book):
        return None if row.before else self.store_of(row, book)

    def is_foreign(self, row, book) -> bool:
        """A person may bring rows other stores keep, but change only those of customers their own store serves."""
        return bool(row.before) and bool(row.changes) and row.pk in self._unseen(book)

    def _unseen(self, book) -> set[int]:
        def work_out():
            known = [known.pk for known in book.sheets[self.sheet].known.values()]
            rows = self.known_rows(set()).model.objects.filter(pk__in=known)
            return set(known) - set(rows.visible_to(book.by).values_list("pk", flat=True))

        return book.remember((self.sheet, "unseen"), work_out) if book.by else set()

    def after_comparison(self, rows, book):
        for row in rows:
            if row.changes and row.before["merged"]:
                # Other systems go on sending their double; what the house decided on its pair stands.
                row.changes.clear()
                book.notice(row, self.key[0], _("This was merged into another record; the row changes nothing."))
            if self.is_foreign(row, book):
                book.refuse(row, self.key[0], _("Another store keeps this row; yours has no order of it."))


@register
class CustomerSheet(HomeSheet):
    sheet, place, key = "客户", 40, ("code",)
    also = {"home": "store__code", "version": "version", "merged": "merged_into_id", "erased": "erased_at"}

    code = Column(
        "客户编号", Code(30), "code", required=True, known_as=("客户代码", "客户号", "车主编号", "客户ID", "送修人编号")
    )
    name = Column(
        "客户名称",
        Text(80),
        "name",
        required=True,
        known_as=("客户姓名", "车主", "车主姓名", "车主名称", "姓名", "用户名称"),
    )
    kind = Column("客户类型", Choice(KINDS), "kind", required=True, known_as=("客户性质", "车主性质", "客户类别"))
    phone = Column(
        "手机",
        Phone(),
        "primary_phone",
        required=True,
        known_as=("手机号", "手机号码", "联系电话", "移动电话", "车主手机", "客户手机", "电话", "车主电话"),
    )
    gender = Column("性别", Choice(GENDERS), "gender", known_as=("客户性别", "车主性别"))
    address = Column("地址", Text(200), "address", known_as=("联系地址", "客户地址", "车主地址", "通讯地址"))
    refuses_calls = Column("拒绝回访", YesNo(), "no_call_since")

    def known_rows(self, keys):
        primary = CustomerPhone.objects.filter(customer=OuterRef("pk")).order_by("-is_primary", "id").values("number")
        return Customer.objects.filter(code__in=[code for (code,) in keys]).annotate(
            primary_phone=Subquery(primary[:1])
        )

    def after_load(self, known):
        super().after_load(known)
        known["refuses_calls"] = known["refuses_calls"] is not None

    def home_store(self, row, book):
        return first_stores(book)[1].get(row.get("code")) or book.default_store()

    def check(self, row, book):
        yield from super().check(row, book)
        if row.given("phone") and not is_valid_phone(row.get("phone")):
            book.notice(row, "phone", _("No such number has been given out; it goes on the data-quality list."))

    def after_comparison(self, rows, book):
        for row in rows:
            if row.changes.get("refuses_calls") == (True, False):
                # A refusal is the customer's own word; a list that knows nothing of it does not take it back.
                del row.changes["refuses_calls"]
                book.notice(row, "refuses_calls", _("The customer refuses calls; this is only lifted in the program."))
            if row.before and row.before["erased"]:
                # Other systems go on sending who asked to be forgotten here.
                row.changes.clear()
                book.notice(
                    row,
                    "code",
                    _(
                        "This customer asked to be forgotten: nothing of the row is taken over. "
                        "Have it taken out there."
                    ),
                )
        super().after_comparison(rows, book)

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield CustomerPhone.objects.filter(customer__in=[row.pk for row in rows if row.pk])

    def write(self, new, changed, book):
        today = timezone.localdate(book.at)
        customers = [
            Customer(
                code=row.get("code"),
                store_id=book.pk("门店", self.home_store(row, book)),
                created_by=book.by,
                created_at=book.at,
                no_call_since=today if row.get("refuses_calls") else None,
                no_call_reason=NO_CALL_REASON if row.get("refuses_calls") else "",
                **self._facts(row),
            )
            for row in new
        ]
        for row, customer in zip(new, Customer.objects.bulk_create(customers, batch_size=2000), strict=True):
            row.pk = customer.pk
        Customer.objects.bulk_update(
            [Customer(pk=row.pk, version=row.before["version"] + 1, **self._facts(row)) for row in changed],
            ["name", "name_pinyin", "kind", "gender", "address", "version"],
            batch_size=1000,
        )
        refusing = [row.pk for row in changed if row.changes.get("refuses_calls") == (False, True)]
        Customer.objects.filter(pk__in=refusing).update(no_call_since=today, no_call_reason=NO_CALL_REASON)
        self._write_phones([row for row in (*new, *changed) if row.before is None or "phone" in row.changes], book)

    @staticmethod
    def _facts(row) -> dict:
        return {
            "name": row.get("name"),
            "name_pinyin": pinyin_key(row.get("name")),
            "kind": row.get("kind"),
            "gender": row.get("gender") or "",
            "address": row.get("address") or "",
        }

    @staticmethod
    def _write_phones(rows, book) -> None:
        """The number of the sheet becomes the primary one; a former one stays as a further number. A number that was
        here already stays the entry of whoever entered it."""
        CustomerPhone.objects.filter(customer__in=[row.pk for row in rows if row.before], is_primary=True).update(
            is_primary=False
        )
        CustomerPhone.objects.bulk_create(
            [
                CustomerPhone(customer_id=row.pk, number=row.get("phone"), is_primary=True, entered_by=book.by)
                for row in rows
            ],
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["customer", "number"],
            update_fields=["is_primary"],
        )


_TOWNS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# GA 36: ordinary plates with five characters after the letter of the town, new-energy ones with six.
_PLATE = re.compile(
    rf"[{_TOWNS}][A-Z][A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳使领试超]|[使领]\d{{6}}|\d{{6}}[使领]"
)
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_VALUES = {**{str(digit): digit for digit in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
               **dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9,
               **dict(zip("STUVWXYZ", range(2, 10), strict=True))}  # fmt: skip


def has_right_check_digit(vin: str) -> bool:
    """Whether the ninth character of a VIN of 17 is what the others add up to (GB 16735)."""
    rest = sum(_VIN_VALUES[sign] * weight for sign, weight in zip(vin, _VIN_WEIGHTS, strict=True)) % 11
    return vin[8] == ("X" if rest == 10 else str(rest))


@register
class VehicleSheet(HomeSheet):
    sheet, place, key = "车辆", 50, ("plate",)
    also = {"home": "store__code", "version": "version", "merged": "merged_into_id"}

    plate = Column(
        "车牌号", Plate(), "plate", required=True, known_as=("车牌", "车牌号码", "牌照号", "车辆牌照", "牌照")
    )
    vin = Column("VIN", Vin(), "vin", known_as=("车架号", "VIN码", "VIN号", "底盘号", "车辆识别代号", "车辆识别码"))
    brand = Column("品牌", Text(40), "brand", known_as=("车辆品牌", "厂牌"))
    model = Column("车型", Text(60), "model", known_as=("车型名称", "车辆型号", "车款", "车型代码"))
    owner = Column(
        "客户编号",
        Code(30),
        "owner__code",
        required=True,
        refers="客户",
        known_as=("客户代码", "客户号", "车主编号", "客户ID", "送修人编号"),
    )
    purchased_on = Column("购车日期", Day(), "purchased_on", known_as=("销售日期", "购买日期", "开票日期", "上牌日期"))

    def known_rows(self, keys):
        return Vehicle.objects.filter(plate__in=[plate for (plate,) in keys])

    def needs(self, known):
        return {"客户": {(vehicle.get("owner"),) for vehicle in known if vehicle.get("owner")}}

    def home_store(self, row, book):
        return first_stores(book)[0].get(row.get("plate")) or book.default_store()

    def check(self, row, book):
        yield from super().check(row, book)
        is_handed_over = row.before is None or row.before["owner"] != row.get("owner")
        if is_handed_over and erased_at(row.get("owner"), book):
            yield "owner", _("This customer asked to be forgotten; name whose car it is now.")
        if row.given("plate") and not _PLATE.fullmatch(row.get("plate")):
            book.notice(row, "plate", _("The plate has an unusual form; it goes on the data-quality list."))
        if row.given("vin") and not has_right_check_digit(row.get("vin")):
            book.notice(row, "vin", _("The check digit is wrong; it goes on the data-quality list."))

    def check_all(self, rows, book):
        """A VIN belongs to one car."""
        vins = {row.get("vin"): row for row in rows if row.given("vin")}
        others = dict(Vehicle.objects.filter(vin__in=list(vins)).values_list("vin", "plate")) if vins else {}
        first_rows = {}
        for row in rows:
            vin = row.values.get("vin")
            if vin is None:
                continue
            first = first_rows.setdefault(vin, row)
            if first is not row:
                yield row, "vin", _("%(key)s already stands in row %(row)s.") % {"key": vin, "row": first.number}
            elif (
                vin in others
                and others[vin] != row.get("plate")
                and (others[vin],) not in book.sheets[self.sheet].by_key
            ):
                book.notice(row, "vin", _("The car with plate %(plate)s has the same VIN.") % {"plate": others[vin]})

    def write(self, new, changed, book):
        vehicles = [
            Vehicle(
                plate=row.get("plate"),
                store_id=book.pk("门店", self.home_store(row, book)),
                created_by=book.by,
                created_at=book.at,
                **self._facts(row, book),
            )
            for row in new
        ]
        for row, vehicle in zip(new, Vehicle.objects.bulk_create(vehicles, batch_size=2000), strict=True):
            row.pk = vehicle.pk
        Vehicle.objects.bulk_update(
            [Vehicle(pk=row.pk, version=row.before["version"] + 1, **self._facts(row, book)) for row in changed],
            ["vin", "brand", "model", "owner", "purchased_on", "version"],
            batch_size=1000,
        )

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "vin": row.get("vin") or "",
            "brand": row.get("brand") or "",
            "model": row.get("model") or "",
            "owner_id": book.pk("客户", row.get("owner")),
            "purchased_on": row.get("purchased_on"),
        }
