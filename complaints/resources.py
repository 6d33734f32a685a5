"""Sheet 投诉 of the import workbook. Source: spec `interfaces.md`, `complaints.md`.

The sheet does not name the store: it is that of the order, else of the person who answers, else the workbook's. The
state follows from what is filled in: the customer's verdict closes a case, a solution leaves it to be asked about, a
verification means that it was decided.
"""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from complaints.actions.intake import clocks_in_force
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity, StepKind
from complaints.models import ClockAlarm, Complaint, ComplaintStep, Responsibility
from dealer_crm.importing.cells import fold_code, shown
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, register
from dealer_crm.importing.widgets import Choice, Code, Moment, YesNo
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import figures

SOURCES = {
    "电话": ComplaintSource.PHONE,
    "来电": ComplaintSource.PHONE,
    "热线": ComplaintSource.PHONE,
    "回访": ComplaintSource.CALL,
    "电话回访": ComplaintSource.CALL,
    "前台": ComplaintSource.FRONT_DESK,
    "到店": ComplaintSource.FRONT_DESK,
    "现场": ComplaintSource.FRONT_DESK,
    "厂家": ComplaintSource.MANUFACTURER,
    "主机厂": ComplaintSource.MANUFACTURER,
    "网络": ComplaintSource.WEB,
    "网站": ComplaintSource.WEB,
    "微信": ComplaintSource.WEB,
    "二维码": ComplaintSource.WEB,
    "媒体": ComplaintSource.MEDIA,
    "监管部门": ComplaintSource.REGULATOR,
    "工商": ComplaintSource.REGULATOR,
    "消协": ComplaintSource.REGULATOR,
    "12315": ComplaintSource.REGULATOR,
}
SEVERITIES = {"一般": Severity.GENERAL, "重要": Severity.IMPORTANT, "重大": Severity.MAJOR}
CATEGORIES = {
    "服务态度": Category.ATTITUDE,
    "态度": Category.ATTITUDE,
    "等待": Category.WAITING,
    "等待时间": Category.WAITING,
    "维修技术": Category.SKILL,
    "维修质量": Category.SKILL,
    "技术": Category.SKILL,
    "价格": Category.PRICE,
    "收费": Category.PRICE,
    "配件": Category.PARTS,
    "配件供应": Category.PARTS,
    "承诺": Category.PROMISE,
    "交车时间": Category.PROMISE,
    "产品质量": Category.PRODUCT,
    "产品": Category.PRODUCT,
    "销售": Category.SALES,
    "销售服务": Category.SALES,
    "其他": Category.OTHER,
}


class OpenChoice(Choice):
    """A list the workbook's description leaves open: what we have no word for falls under `other`."""

    def __init__(self, words, other):
        super().__init__(words)
        self.other = other

    def read(self, value):
        return self._known.get(fold_code(shown(value)), self.other)


@register
class ComplaintSheet(SheetResource):
    sheet, place, key = "投诉", 120, ("number",)
    also = {"home": "store__code", "version": "version", "state": "state", "people": "people", "closed_at": "closed_at",
            "verified_at": "verified_at", "verified_by": "verified_by_id",
            **{name: name for name in ("reply_clock", "solve_clock", "reply_due_at", "solve_due_at")}}  # fmt: skip

    number = Column("投诉编号", Code(40), "number", required=True)
    order = Column("工单号", Code(40), "order__number", refers="工单")
    source = Column("来源", OpenChoice(SOURCES, ComplaintSource.PHONE), "source", required=True)
    severity = Column("级别", Choice(SEVERITIES), "severity", required=True)
    category = Column("类别", OpenChoice(CATEGORIES, Category.OTHER), "category", required=True)
    received_at = Column("投诉时间", Moment(), "received_at", required=True)
    first_reply_at = Column("首次回复时间", Moment(), "first_reply_at")
    solved_at = Column("解决时间", Moment(), "solved_at")
    is_verified = Column("是否属实", YesNo(), "is_verified")
    responsible = Column("责任人工号", Code(20), "people", refers="员工")
    is_satisfied = Column("客户满意", YesNo(), "is_satisfied")

    _FIELDS = ("order", "customer", "vehicle", "source", "severity", "category", "received_at", "reply_clock",
               "solve_clock", "reply_due_at", "solve_due_at", "first_reply_at", "solved_at", "is_verified",
               "verified_at", "verified_by", "is_satisfied", "state", "closed_at", "version")  # fmt: skip

    def known_rows(self, keys):
        people = Responsibility.objects.filter(complaint=OuterRef("pk")).order_by("pk").values("staff__work_number")
        return Complaint.objects.filter(number__in=[number for (number,) in keys]).annotate(
            people=ArraySubquery(people)
        )

    def after_load(self, known):
        super().after_load(known)
        known["responsible"] = known["people"][0] if len(known["people"]) == 1 else None

    def needs(self, known):
        return {"工单": {(row.get("order"),) for row in known if row.get("order")}}

    def store_of(self, row, book):
        if row.before:
            return StoreCode(row.before["home"])
        order = book.row("工单", row.get("order")) if row.get("order") else None
        person = book.row("员工", row.get("responsible")) if row.get("responsible") else None
        code = (order and order.get("store")) or (person and person.get("store")) or book.default_store()
        return StoreCode(code) if code else None

    def check(self, row, book):
        received_at = row.get("received_at")
        for column, text in (
            ("first_reply_at", _("The first reply lies before the complaint.")),
            ("solved_at", _("The solution lies before the complaint.")),
        ):
            if received_at and row.given(column) and row.get(column) < received_at:
                yield column, text
        if self.store_of(row, book) is None:
            yield "number", _("It is not clear which store this row belongs to; give 工单号 or 责任人工号.")

    def after_comparison(self, rows, book):
        for row in rows:
            if row.before and "responsible" in row.changes and len(row.before["people"]) > 1:
                del row.changes["responsible"]  # several people share the blame in the program; the sheet names one

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        complaints = [row.pk for row in rows if row.pk]
        yield Responsibility.objects.filter(complaint__in=complaints)
        yield ComplaintStep.objects.filter(complaint__in=complaints)
        yield ClockAlarm.objects.filter(complaint__in=complaints)

    def write(self, new, changed, book):
        complaints = [
            Complaint(
                number=row.get("number"),
                store_id=book.pk("门店", self.store_of(row, book).code),
                created_by=book.by,
                created_at=book.at,
                **self._facts(row, book),
            )
            for row in new
        ]
        for row, complaint in zip(new, Complaint.objects.bulk_create(complaints, batch_size=2000), strict=True):
            row.pk = complaint.pk
        Complaint.objects.bulk_update(
            [Complaint(pk=row.pk, **self._facts(row, book)) for row in changed], self._FIELDS, batch_size=500
        )
        moved = [row for row in changed if "responsible" in row.changes]
        Responsibility.objects.filter(complaint__in=[row.pk for row in moved]).delete()
        Responsibility.objects.bulk_create(
            [
                Responsibility(complaint_id=row.pk, staff_id=book.pk("员工", row.get("responsible")))
                for row in (*new, *moved)
                if row.get("responsible")
            ],
            batch_size=2000,
        )
        ComplaintStep.objects.bulk_create(
            [
                ComplaintStep(complaint_id=row.pk, kind=StepKind.RECORD, round=1, by=book.by, at=row.get("received_at"))
                for row in new
            ]
            + [
                ComplaintStep(complaint_id=row.pk, kind=StepKind.VERIFY, round=1, by=book.by, at=book.at)
                for row in (*new, *changed)
                if row.get("is_verified") is not None and (row.before is None or "is_verified" in row.changes)
            ],
            batch_size=2000,
        )

    @staticmethod
    def _facts(row, book) -> dict:
        order = book.row("工单", row.get("order")) if row.get("order") else None
        vehicle = book.row("车辆", order.get("vehicle")) if order else None
        is_verified = row.get("is_verified")
        state, before = state_of(row), row.before or {}
        is_decided_now = is_verified is not None and (row.before is None or "is_verified" in row.changes)
        return {
            "order_id": order.pk if order else None,
            "vehicle_id": vehicle.pk if vehicle else None,
            "customer_id": book.pk("客户", vehicle.get("owner")) if vehicle else None,
            "source": row.get("source"),
            "severity": row.get("severity"),
            "category": row.get("category"),
            "received_at": row.get("received_at"),
            **clock_fields(row, book),
            "first_reply_at": row.get("first_reply_at"),
            "solved_at": row.get("solved_at"),
            "is_verified": is_verified,
            "verified_at": book.at if is_decided_now else before.get("verified_at"),
            "verified_by_id": (book.by and book.by.pk) if is_decided_now else before.get("verified_by"),
            "is_satisfied": row.get("is_satisfied"),
            "state": state,
            "closed_at": (before.get("closed_at") or row.get("solved_at") or book.at)
            if state == ComplaintState.CLOSED
            else None,
            "version": row.before["version"] + 1 if row.before else 1,
        }


def clock_fields(row, book) -> dict:
    """The clocks by the figures of the complaint's store on its day; a running clock is only set anew when it must."""
    if row.before and not {"received_at", "source", "severity"} & set(row.changes):
        return {name: row.before[name] for name in ("reply_clock", "solve_clock", "reply_due_at", "solve_due_at")}
    code = book.sheets["投诉"].resource.store_of(row, book).code
    received_at = row.get("received_at")

    def rules():
        return figures("complaints.", store=Store.objects.get(code=code), on=received_at.date())

    rules = book.remember(("complaint rules", code, received_at.date()), rules)
    clocks = clocks_in_force(rules=rules, source=row.get("source"), severity=row.get("severity"))
    return {
        "reply_clock": clocks.reply,
        "solve_clock": clocks.solve,
        "reply_due_at": received_at + clocks.reply,
        "solve_due_at": received_at + clocks.solve,
    }


# The order in which the loop is walked; an import never walks it back.
_PLACES = {state: place for place, state in enumerate(ComplaintState.values)}


def state_of(row) -> str:
    if row.get("is_satisfied") is not None:
        state = ComplaintState.CLOSED
    elif row.get("solved_at"):
        state = ComplaintState.CHECKED
    elif row.get("is_verified") is not None:
        state = ComplaintState.DECIDED
    else:
        state = ComplaintState.RECORDED
    before = row.before["state"] if row.before else state
    return max(state, before, key=_PLACES.__getitem__)
