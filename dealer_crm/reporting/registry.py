"""The reports there are. Apps register theirs in `reports.py`; each becomes a page and downloads under /reports/.

    register(
        code="commission",
        title=_("Commission"),
        permission=Permission.RUN_VIEW,
        build=commission_report,                       # build(store=, period=, by=, at=) -> Report
        editions=(Edition("first", day=1, hour=2), Edition("final", day=5, hour=2)),
    )

`build` only reads and raises a `Refusal` when the report can't be made yet. `kind` says what it speaks of: a month
(`Period`), or a `Week`, a `Quarter` or a `Day`. Editions are made by themselves when it is over and kept: `KeptReport`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import figures_asked_once
from dealer_crm.reporting.choices import EDITIONS
from dealer_crm.reporting.report import Report
from dealer_crm.values import Day, Period, Quarter, Span, Week


@dataclass(frozen=True)
class Edition:
    """When a report is made by itself: on the `day`th day after what it speaks of, at `hour` of the store's clock.

    Of a month that is the day of the month after; of a week day 1 is the Monday after; of a day 0 is the day itself.
    """

    code: str
    day: int
    hour: int = 2

    @property
    def label(self) -> str:
        return str(EDITIONS.get(self.code, self.code))

    def due_at(self, period: Span, tz) -> datetime:
        on = period.next().first_day + timedelta(days=self.day - 1)
        return datetime.combine(on, time(self.hour), tz)


@dataclass(frozen=True)
class RegisteredReport:
    """`code` is also the beginning of the file name: `<code>-<store>-<period>.xlsx`."""

    code: str
    title: str
    permission: Permission
    build: Callable[..., Report]
    description: str = ""
    editions: tuple[Edition, ...] = ()
    order: int = 100
    kind: type[Period] | type[Week] | type[Quarter] | type[Day] = Period

    @property
    def page_name(self) -> str:
        """Names of its addresses (`urls`): the page, and below it the workbook."""
        return f"reporting:{self.code}"

    @property
    def workbook_name(self) -> str:
        return f"{self.page_name}_xlsx"

    def made(self, **asked) -> Report:
        """The report; it only reads, so what figures the store has is asked once."""
        with figures_asked_once():
            return self.build(**asked)

    def file_stem(self, store, period: Span) -> str:
        return f"{self.code}-{store.code}-{period}"


_reports: dict[str, RegisteredReport] = {}


def register(**fields) -> RegisteredReport:
    """Add a report; the same code again replaces the former."""
    report = RegisteredReport(**fields)
    _reports[report.code] = report
    return report


def reports() -> list[RegisteredReport]:
    return sorted(_reports.values(), key=lambda report: (report.order, report.code))


def report_named(code: str) -> RegisteredReport | None:
    return _reports.get(code)


def reports_for(staff) -> list[RegisteredReport]:
    """The reports a person may see."""
    return [report for report in reports() if staff.can(report.permission)]
