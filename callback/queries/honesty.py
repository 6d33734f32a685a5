"""The honesty ledger: what of a month looks as if it were not true. Nothing is deducted; the supervisor reviews.

Source: spec `callback.md`, honesty ledger. Every finding has a key of its own, under which its review is kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from callback import settings
from callback.choices import Direction, HonestyKind, Outcome, RuleCode, TaskState
from callback.models import CallRefusal, CallTask, Contact, HonestyReview
from callback.queries.plan import ON_LINE
from dealer_crm.journal.models import Entry
from dealer_crm.journal.queries import entries_matching
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figures
from dealer_crm.values.phone import masked_phone, parse_phone
from reception.choices import Channel
from reception.models import CustomerPhone, RepairOrder

MOST = 200
AFTER_DELIVERY = timedelta(days=7)
"""A number put right after that has nothing to do with the call about the visit any more."""

LEAST_CALLS = 10
"""A share of fewer calls says nothing."""


@dataclass(frozen=True)
class Finding:
    """`who`: whose deed it is; `what`: the thing it is about; `detail`: what is odd about it."""

    kind: HonestyKind
    key: str
    at: datetime | None
    who: str
    what: str
    detail: str
    url: str = ""
    review: HonestyReview | None = None


def findings(store: Store, begin: datetime, until: datetime) -> dict[HonestyKind, list[Finding]]:
    """Everything odd of [begin, until), by kind, with its review where there is one; a constant number of queries."""
    values = figures("callback.honesty_", store=store, on=begin.astimezone(store.tz).date())
    found = {
        HonestyKind.PHONE_CHANGED: _phones_changed(store, begin, until),
        HonestyKind.PHONE_OF_STAFF: _phones_of_staff(store, begin, until),
        HonestyKind.PHONE_SHARED: _phones_shared(store, begin, until, values[settings.HONESTY_ORDERS.code]),
        HonestyKind.SHORT_CALL: _short_calls(store, begin, until, values[settings.HONESTY_SECONDS.code]),
        HonestyKind.UNREACHABLE: _unreachable(store, begin, until, values[settings.HONESTY_UNREACHED.code]),
        HonestyKind.EXCLUDED: _excluded(store, begin, until),
    }
    listed = {kind: list(rows) for kind, rows in found.items()}
    keys = [one.key for rows in listed.values() for one in rows]
    reviews = {
        (one.kind, one.key): one
        for one in HonestyReview.objects.of_store(store).filter(key__in=keys).select_related("by")
    }
    return {
        kind: [replace(one, review=reviews.get((kind.value, one.key))) for one in rows] for kind, rows in listed.items()
    }


def _phones_changed(store: Store, begin: datetime, until: datetime) -> Iterator[Finding]:
    entries = list(
        entries_matching(store_code=store.code, verb="customer.phone_changed", since=begin, until=until).order_by(
            "-at"
        )[:MOST]
    )
    ids = {int(entry.subject_id) for entry in entries}
    orders: dict[int, list[RepairOrder]] = {}
    for order in RepairOrder.objects.filter(
        store=store, customer__in=ids, opened_at__gte=begin - timedelta(days=60), opened_at__lt=until
    ).select_related("advisor"):
        orders.setdefault(order.customer_id, []).append(order)
    for entry in entries:
        for order in orders.get(int(entry.subject_id), ()):
            if order.opened_at < entry.at and (
                order.delivered_at is None or entry.at <= order.delivered_at + AFTER_DELIVERY
            ):
                before, after = entry.changes.get("phone", ["", ""])
                yield Finding(
                    kind=HonestyKind.PHONE_CHANGED, key=f"entry:{entry.pk}", at=entry.at, who=entry.by_name,
                    what=f"{entry.subject_label} {order.number}", detail=f"{before or '—'} → {after or '—'}",
                    url=reverse("reception:order", args=[order.pk]),
                )  # fmt: skip
                break


def _phones_of_staff(store: Store, begin: datetime, until: datetime) -> Iterator[Finding]:
    numbers = {}
    for person in Staff.objects.of_store(store).exclude(phone=""):
        try:
            numbers[parse_phone(person.phone)] = person
        except ValueError:
            continue
    visited = RepairOrder.objects.filter(
        store=store, customer=OuterRef("customer"), opened_at__gte=begin, opened_at__lt=until
    )
    rows = CustomerPhone.objects.filter(Exists(visited), number__in=numbers).select_related("customer", "entered_by")
    for one in rows.order_by("pk")[:MOST]:
        yield Finding(
            kind=HonestyKind.PHONE_OF_STAFF, key=f"phone:{one.pk}", at=None,
            who=one.entered_by.name if one.entered_by else "", what=one.customer.name,
            detail=_("%(phone)s is the phone of %(person)s")
            % {"phone": masked_phone(one.number), "person": numbers[one.number]},
            url=reverse("reception:customer", args=[one.customer_id]),
        )  # fmt: skip


def _phones_shared(store: Store, begin: datetime, until: datetime, least: int) -> Iterator[Finding]:
    in_span = Q(
        customer__repair_orders__store=store,
        customer__repair_orders__opened_at__gte=begin,
        customer__repair_orders__opened_at__lt=until,
    )
    rows = (
        CustomerPhone.objects.filter(in_span)
        .values("number")
        .annotate(
            orders=Count("customer__repair_orders", distinct=True),
            customers=Count("customer", distinct=True),
            first=Min("pk"),
        )
        .filter(orders__gte=least, customers__gt=1)
        .order_by("-orders", "first")[:MOST]
    )
    rows = list(rows)
    owners = {
        one.pk: one
        for one in CustomerPhone.objects.filter(pk__in=[row["first"] for row in rows]).select_related(
            "customer", "entered_by"
        )
    }
    for row in rows:
        phone = owners[row["first"]]
        yield Finding(
            kind=HonestyKind.PHONE_SHARED, key=f"shared:{row['first']}", at=None,
            who=phone.entered_by.name if phone.entered_by else "", what=phone.customer.name,
            detail=_("%(phone)s stands with %(customers)d customers on %(orders)d orders")
            % {"phone": masked_phone(row["number"]), "customers": row["customers"], "orders": row["orders"]},
            url=reverse("reception:customer", args=[phone.customer_id]),
        )  # fmt: skip


def _short_calls(store: Store, begin: datetime, until: datetime, seconds: int) -> Iterator[Finding]:
    """Talks nobody can have had. One asked in the same call as another, of a customer on the line, may be short."""
    same_call = Contact.objects.filter(
        customer=OuterRef("customer"), agent=OuterRef("agent"), outcome=Outcome.COMPLETED,
        at__lte=OuterRef("started_at"), at__gt=OuterRef("started_at") - ON_LINE,
    )  # fmt: skip
    rows = Contact.objects.of_store(store).filter(
        ~Exists(same_call), at__gte=begin, at__lt=until, outcome=Outcome.COMPLETED, direction=Direction.OUT,
        channel=Channel.PHONE, started_at__gt=F("at") - timedelta(seconds=seconds),
    )  # fmt: skip
    for one in rows.select_related("agent", "customer").order_by("-at")[:MOST]:
        yield Finding(
            kind=HonestyKind.SHORT_CALL, key=f"contact:{one.pk}", at=one.at, who=one.agent.name if one.agent else "",
            what=one.customer.name,
            detail=_("%(seconds)d seconds from taking the call to “completed”")
            % {"seconds": (one.at - one.started_at).total_seconds()},
            url=reverse("callback:record", args=[one.pk]),
        )  # fmt: skip


def _unreachable(store: Store, begin: datetime, until: datetime, percent: int) -> Iterator[Finding]:
    rows = (
        CallTask.objects.of_store(store)
        .filter(rule__code=RuleCode.SERVICE_3D, done_at__gte=begin, done_at__lt=until, order__advisor__isnull=False)
        .exclude(state=TaskState.DROPPED)
        .values("order__advisor", name=F("order__advisor__name"))
        .annotate(all=Count("pk"), unreached=Count("pk", filter=Q(state=TaskState.UNREACHED)))
        .filter(all__gte=LEAST_CALLS)
        .order_by("name")
    )
    for row in rows:
        if row["unreached"] * 100 >= percent * row["all"]:
            yield Finding(
                kind=HonestyKind.UNREACHABLE, key=f"advisor:{row['order__advisor']}:{begin.astimezone(store.tz):%Y-%m}",
                at=None, who=row["name"], what=_("After-service calls"),
                detail=_("%(unreached)d of %(all)d customers were not reached") % row,
            )  # fmt: skip


def _excluded(store: Store, begin: datetime, until: datetime) -> Iterator[Finding]:
    entries = entries_matching(store_code=store.code, verb="customer.changed", since=begin, until=until)
    for entry in entries.filter(Q(changes__has_key="no_call_since") | Q(changes__has_key="no_text_since")).order_by(
        "-at"
    )[:MOST]:
        reason = next(
            (str(pair[1]) for name, pair in entry.changes.items() if name.endswith("_reason") and pair[1]), ""
        )
        yield Finding(
            kind=HonestyKind.EXCLUDED, key=f"entry:{entry.pk}", at=entry.at, who=entry.by_name,
            what=entry.subject_label, detail=_exclusion(entry, reason),
            url=reverse("reception:customer", args=[entry.subject_id]),
        )  # fmt: skip
    refusals = CallRefusal.objects.filter(customer__store=store, noted_at__gte=begin, noted_at__lt=until)
    for one in refusals.select_related("customer", "noted_by").order_by("-noted_at")[:MOST]:
        yield Finding(
            kind=HonestyKind.EXCLUDED, key=f"refusal:{one.pk}", at=one.noted_at,
            who=one.noted_by.name if one.noted_by else "", what=one.customer.name,
            detail=f"{one.get_purpose_display()}: {one.reason}",
            url=reverse("reception:customer", args=[one.customer_id]),
        )  # fmt: skip


def _exclusion(entry: Entry, reason: str) -> str:
    ways = {"no_call_since": _("no calls"), "no_text_since": _("no texts")}
    said = [
        word if entry.changes[name][1] else _("allowed again") for name, word in ways.items() if name in entry.changes
    ]
    return "；".join(filter(None, ["、".join(str(one) for one in said), reason]))
