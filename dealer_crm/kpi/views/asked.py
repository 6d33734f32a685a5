"""What stands in the address of a page of figures: the store, and the month, week or day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.forms import Form
from django.utils.translation import pgettext

from dealer_crm.kpi.forms import DayForm
from dealer_crm.organization.models import Store
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.ui.fields import month_asked
from dealer_crm.values import Day, Period, Week

GRAINS = ("day", "week", "month")


@dataclass(frozen=True)
class Asked:
    """`store` is None for somebody who may see none."""

    store: Store | None
    stores: list[Store]
    grain: str
    span: Period | Week | Day
    form: Form
    at: datetime

    @property
    def link(self) -> str:
        """The same again, for other pages."""
        return self.link_to(self.span)

    def link_to(self, span: Period | Week | Day) -> str:
        grain = {Day: "day", Week: "week", Period: "month"}[type(span)]
        named = {"period": span} if grain == "month" else {"grain": grain, "on": span.first_day}
        return urlencode(({"store": self.store.code} if len(self.stores) > 1 else {}) | named)

    @property
    def title(self) -> str:
        if isinstance(self.span, Week):
            return f"{self.span.first_day:%m-%d} – {self.span.last_day:%m-%d}"
        return str(self.span)

    @property
    def tabs(self) -> list[dict]:
        """The same days as a day, a week, a month: the last day of it that has come."""
        today = self.at.astimezone(self.store.tz).date()
        day = min(self.span.last_day, max(today, self.span.first_day))
        spans = {
            "day": (pgettext("figures of", "Day"), Day(day)), "week": (pgettext("figures of", "Week"), Week.of(day)),
            "month": (pgettext("figures of", "Month"), Period.of(day)),
        }  # fmt: skip
        return [
            {"label": label, "url": f"?{self.link_to(span)}", "active": grain == self.grain}
            for grain, (label, span) in spans.items()
        ]

    @property
    def previous(self) -> str:
        return self.link_to(self.span.previous())

    @property
    def next(self) -> str:
        """Empty where the next one has not come."""
        following = self.span.next()
        return self.link_to(following) if following.bounds(self.store.tz)[0] <= self.at else ""


def asked_of(request, at: datetime) -> Asked:
    """What was asked for; else, or where it can't be read, the month under way of the own store."""
    stores = {store.code: store for store in stores_to_choose(request.user)}
    store = stores.get(request.GET.get("store", "")) or request.user.store or next(iter(stores.values()), None)
    grain = request.GET.get("grain", "")
    if grain in ("day", "week"):
        yesterday = at.astimezone(store.tz).date() - timedelta(days=1) if store else at.date()
        form = DayForm(request.GET if "on" in request.GET else {"on": yesterday})
        day = form.cleaned_data["on"] if form.is_valid() else yesterday
        span = Day(day) if grain == "day" else Week.of(day)
        return Asked(store, list(stores.values()), grain, span, form, at)
    period, form = month_asked(request.GET, Period.of(at))
    return Asked(store, list(stores.values()), "month", period, form, at)
