"""Workbooks out and in, against stock django-import-export (openpyxl underneath).

Each way works in a process of its own, so that its memory can be told: `python -m benchmarks.sheets WAY FILE` does it
once and prints the seconds and the megabytes over what the process held before.
"""

import importlib
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.figures import AtLeast, AtMost, Figure, ms

ROWS_OUT, ROWS_IN, TURNS = 100_000, 10_000, 2
COLUMNS = ("number", "kind", "state", "vehicle__plate", "vehicle__brand", "vehicle__series", "customer__code",
           "customer__name", "advisor__name", "arrived_at", "promised_at", "settled_at", "delivered_at", "mileage",
           "delay_cause")  # fmt: skip
MOMENTS = ("arrived_at", "promised_at", "settled_at", "delivered_at")
HEADERS = ["客户编号", "客户名称", "客户类型", "手机", "性别", "地址", "拒绝回访"]


def measure(world) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder, "customers.xlsx")
        world.run(world.small, "-m", "benchmarks.sheets", "prepare", str(book))
        figures = []
        for what, name, ours, theirs, bar, most_memory in (
            ("export", world.large, "our_export", "stock_export", AtLeast(3), AtMost(60)),
            ("import check", world.small, "our_import", "stock_import", AtLeast(10), None),
        ):
            file = book if "import" in what else Path(folder, "orders.xlsx")
            turns = [[_once(world, name, way, file) for way in (ours, theirs)] for _turn in range(TURNS)]
            mine, stock = map(min, zip(*turns, strict=True))  # the quicker turn of each, with its memory
            rows = min(ROWS_OUT, world.orders) if what == "export" else ROWS_IN
            figures += [
                Figure(f"{what} of {rows} rows", ms(mine[0]), f"stock {ms(stock[0])}", stock[0] / mine[0], bar),
                Figure(
                    f"{what} of {rows} rows: memory",
                    f"+{mine[1]:.0f} MB",
                    f"stock +{stock[1]:.0f} MB",
                    mine[1],
                    most_memory,
                ),
            ]
    return figures


def _once(world, name: str, way: str, book: Path) -> tuple[float, float]:
    seconds, megabytes = world.run(name, "-m", "benchmarks.sheets", way, str(book)).split()[-2:]
    return float(seconds), float(megabytes)


# ── In the process of its own ────────────────────────────────────────────────────────────────────────────────────────


def our_export(file: Path) -> None:
    """The report engine that every download of the program goes through, telling its progress."""
    from dealer_crm.reporting import Column, Kind, Report, Sheet
    from dealer_crm.reporting.workbooks import to_xlsx
    from reception.models import RepairOrder

    rows = RepairOrder.objects.order_by("-id").values_list(*COLUMNS)[:ROWS_OUT]
    columns = [
        Column(name, Kind.DATETIME if name in MOMENTS else Kind.INT if name == "mileage" else Kind.TEXT)
        for name in COLUMNS
    ]
    told = []
    with file.open("wb") as stream:
        to_xlsx(
            Report("工单", "orders", [Sheet("工单", columns, rows.iterator(chunk_size=2000))]),
            stream,
            progress=told.append,
        )
    written = min(ROWS_OUT, RepairOrder.objects.count())
    assert told[-1] == written
    assert len(told) >= written // 1000


def stock_export(file: Path) -> None:
    from import_export.fields import Field
    from import_export.formats.base_formats import XLSX
    from import_export.resources import ModelResource

    from reception.models import RepairOrder

    class Orders(ModelResource):
        class Meta:
            model = RepairOrder
            fields = COLUMNS

    for name in COLUMNS:
        Orders.fields.setdefault(name, Field(attribute=name, column_name=name))
    orders = RepairOrder.objects.select_related("vehicle", "customer", "advisor").order_by("-id")[:ROWS_OUT]
    file.write_bytes(XLSX().export_data(Orders().export(queryset=orders)))


def our_import(book: Path) -> None:
    """Every check and the whole difference, nothing written."""
    from django.utils import timezone

    from dealer_crm.importing.actions import import_workbook

    examined = import_workbook(content=book.read_bytes(), file_name=book.name, by=None, at=timezone.now(), dry_run=True)
    assert examined.is_clean, [str(problem) for problem in examined.problems[:3]]
    counts = examined.counts()["客户"]
    assert counts["changed"] and sum(counts.values()) == ROWS_IN, counts


def stock_import(book: Path) -> None:
    from django.utils import timezone
    from import_export.fields import Field
    from import_export.formats.base_formats import XLSX
    from import_export.resources import ModelResource
    from import_export.widgets import CharWidget

    from dealer_crm.organization.models import Store
    from reception.models import Customer

    store, now = Store.objects.order_by("code").first(), timezone.now()

    class Customers(ModelResource):
        code = Field("code", "客户编号")
        name = Field("name", "客户名称")
        kind = Field("kind", "客户类型")
        gender = Field("gender", "性别", widget=CharWidget(allow_blank=True))
        address = Field("address", "地址", widget=CharWidget(allow_blank=True))

        class Meta:
            model = Customer
            fields = ("code", "name", "kind", "gender", "address")
            import_id_fields = ("code",)
            skip_unchanged = True

        def init_instance(self, row=None):
            return Customer(store=store, created_at=now)

    result = Customers().import_data(XLSX().create_dataset(book.read_bytes()), dry_run=True)
    assert not result.has_errors(), result.row_errors()[0][1][0].error
    assert result.total_rows == ROWS_IN, result.total_rows


def prepare(book: Path) -> None:
    """A list of customers as a factory system gives it: some known and unchanged, some changed, most of them new."""
    import xlsxwriter

    from reception.models import Customer, Flaw

    workbook = xlsxwriter.Workbook(book, {"constant_memory": True})
    page = workbook.add_worksheet("客户")
    page.write_row(0, 0, HEADERS)
    kinds, genders = {"person": "个人", "company": "单位"}, {"male": "男", "female": "女"}
    flawed = Flaw.objects.filter(customer__isnull=False).values("customer")
    known = Customer.objects.filter(phones__is_primary=True).exclude(pk__in=flawed)
    known = known.prefetch_related("phones").order_by("id")[: ROWS_IN // 2]
    rows = [
        [one.code, one.name, kinds[one.kind], one.phones.all()[0].number[3:], genders.get(one.gender, ""),
         f"新地址{place}号" if place % 5 == 0 else one.address, ""]
        for place, one in enumerate(known)
    ]  # fmt: skip
    rows += [
        [f"NEW{place:06}", f"客户{place}", "个人", f"139{place:08}", "男", f"新城路{place}号", "否"]
        for place in range(ROWS_IN - len(rows))
    ]
    for place, row in enumerate(rows, start=1):
        page.write_row(place, 0, row)
    workbook.close()


def _megabytes() -> float:
    """What the process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1]) if sys.platform == "linux" else 0
    return pages * resource.getpagesize() / 2**20


def main(way: str, file: str) -> None:
    import django

    django.setup()
    from django.db import connection

    deed = {each.__name__: each for each in (our_export, stock_export, our_import, stock_import, prepare)}[way]
    connection.ensure_connection()
    for module in (
        "dealer_crm.importing.actions",
        "dealer_crm.reporting.workbooks",
        "import_export.formats.base_formats",
    ):
        importlib.import_module(module)  # code is no part of what a workbook takes
    base, highest, done = _megabytes(), [0.0], threading.Event()

    def watch():
        while not done.wait(0.05):
            highest[0] = max(highest[0], _megabytes())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    deed(Path(file))
    seconds = time.perf_counter() - began
    done.set()
    watcher.join()
    print(seconds, max(highest[0], _megabytes()) - base)


if __name__ == "__main__":
    main(*sys.argv[1:])
