from collections.abc import Iterable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice
from rest_framework.authtoken.models import Token

from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Position, Staff, Store, StoreFigure, Team
from dealer_crm.values import Figure, Refusal
from dealer_crm.values.figures import REGISTERED

_once: ContextVar[dict | None] = ContextVar("figures asked once", default=None)


@contextmanager
def figures_asked_once():
    """For a page that only reads and needs many figures: all of a store's are asked for once, until it is made."""
    token = _once.set({})
    try:
        yield
    finally:
        _once.reset(token)


def _stored(store: Store | None, **wanted) -> list[tuple[str, date, object]]:
    """(code, from when, value): the group's first, then the store's own, older before newer, so that the last one
    holds; `wanted`, or all of them while they are asked once."""
    once = _once.get()
    rows = StoreFigure.objects.filter(Q(store=store) | Q(store=None), **({} if once is not None else wanted))
    rows = rows.order_by(F("store").asc(nulls_first=True), "starts_on").values_list("code", "starts_on", "value")
    if once is None:
        return list(rows)
    key = store.pk if store else None
    if key not in once:
        once[key] = list(rows)
    return once[key]


def figure(key: Figure, *, store: Store | None = None, on: date):
    """The value of a figure in force on a day: the store's own if it set one, else the group's, else the default."""
    rows = _stored(store, code=key.code, starts_on__lte=on)
    held = [value for code, starts_on, value in rows if code == key.code and starts_on <= on]
    return key.default if not held or held[-1] is None else key.read(held[-1])


def figures(prefix: str, *, store: Store | None, on: date) -> dict[str, object]:
    """All figures whose code begins with `prefix`, in one query: code → value in force."""
    values = {code: key.default for code, key in REGISTERED.items() if code.startswith(prefix)}
    for code, starts_on, stored in _stored(store, code__startswith=prefix, starts_on__lte=on):
        if code in values and starts_on <= on:
            values[code] = REGISTERED[code].read(stored)
    return values


def figures_on_days(
    keys: Iterable[Figure], *, store: Store | None, days: Iterable[date]
) -> dict[date, dict[str, object]]:
    """Some figures as they hold on each of some days, in one query: day → code → value in force."""
    keys, days = {key.code: key for key in keys}, list(days)
    rows = _stored(store, code__in=keys, starts_on__lte=max(days))
    return {
        day: {code: key.default for code, key in keys.items()}
        | {code: keys[code].read(stored) for code, starts_on, stored in rows if code in keys and starts_on <= day}
        for day in days
    }


def stores_visible_to(staff: Staff):
    return Store.objects.all() if staff.sees_all_stores else Store.objects.filter(pk=staff.store_id)


def stores_to_choose(staff: Staff) -> list[Store]:
    """The stores a page offers to a person, by code: to who belongs to one that alone, without asking for it."""
    if staff.store is not None and not staff.sees_all_stores:
        return [staff.store]
    return list(stores_visible_to(staff).order_by("code"))


def staff_with_role(store: Store, *roles: Role):
    """The people of a store who hold one of these roles and may sign in."""
    return Staff.objects.with_role(*roles).filter(store=store).order_by("work_number")


def store_of(staff: Staff) -> Store:
    """The store a person works in. Raises Refusal for someone who belongs to none (group, administrator)."""
    if staff.store is None:
        raise Refusal(_("You belong to no store, so there is nowhere to enter this. Ask the administrator."))
    return staff.store


# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def staff_signing_in_as(typed: str) -> Staff | None:
    """Who signs in with this name or work number."""
    return Staff.objects.filter(Q(username__iexact=typed) | Q(work_number__iexact=typed)).first()


def staff_named(text: str) -> QuerySet[Staff]:
    """People whose name holds the text or whose work number is it, whoever they work for."""
    return Staff.objects.filter(Q(name__icontains=text) | Q(work_number__iexact=text))


def second_factor_of(staff: Staff) -> TOTPDevice | None:
    """The device that gives a person's codes, once it is confirmed."""
    return TOTPDevice.objects.filter(user=staff, confirmed=True).first()


def api_token_given_at(staff: Staff) -> datetime | None:
    """When a person's token for the HTTP API was made; None without one."""
    return Token.objects.filter(user=staff).values_list("created", flat=True).first()


def staff_matching(reader: Staff, *, on: date, query="", store=None, post="", state="") -> QuerySet[Staff]:
    """The people `reader` may know of, with post, coefficient and team of the day; by name, pinyin or work number.

    `state`: "here" (not left), "left", or empty for both.
    """
    found = Staff.objects.visible_to(reader).with_position(on).select_related("store")
    team = Position.objects.filter(staff=OuterRef("pk"), starts_on__lte=on).order_by("-starts_on").values("team__name")
    found = found.annotate(team_name=Subquery(team[:1]))
    if query := query.strip():
        found = found.filter(
            Q(name__icontains=query) | Q(name_pinyin__icontains=query) | Q(work_number__istartswith=query)
        )
    if store:
        found = found.filter(store=store)
    if post:
        found = found.filter(post=post)
    if state == "here":
        found = found.filter(Q(left_on=None) | Q(left_on__gte=on))
    elif state == "left":
        found = found.filter(left_on__lt=on)
    return found


def positions_of(staff: Staff) -> QuerySet[Position]:
    """What a person was and will be, latest first."""
    return staff.positions.select_related("store", "team").order_by("-starts_on")


def teams_with_size(reader: Staff, *, on: date) -> QuerySet[Team]:
    """The teams `reader` may know of, with how many people are in each on a day."""
    in_force = Position.objects.filter(
        pk__in=Position.objects.in_force_on(on).values("pk"), staff__in=Staff.objects.employed_on(on)
    )
    sizes = in_force.filter(team=OuterRef("pk")).order_by().values("team").annotate(size=Count("pk")).values("size")
    return Team.objects.visible_to(reader).select_related("store").annotate(size=Subquery(sizes))


# ── Figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class FigureInForce:
    """A figure as it holds for a store on a day, and whose decision that is: "store", "group" or "" (as shipped)."""

    figure: Figure
    value: object
    decided_by: str = ""
    since: date | None = None
    next_on: date | None = None


def figures_in_force(*, store: Store | None, on: date) -> list[tuple[str, list[FigureInForce]]]:
    """Every figure of the program by app, with what holds for a store on a day and from when it changes next."""
    rows: dict[str, list[StoreFigure]] = {}
    for row in StoreFigure.objects.filter(Q(store=store) | Q(store=None)).order_by("code", "starts_on"):
        rows.setdefault(row.code, []).append(row)
    found = [_in_force(key, rows.get(code, []), on) for code, key in sorted(REGISTERED.items())]
    return [(app, list(group)) for app, group in groupby(found, key=lambda one: one.figure.code.split(".")[0])]


def _in_force(key: Figure, rows: list[StoreFigure], on: date) -> FigureInForce:
    own = [row for row in rows if row.store_id]
    upcoming = min((row.starts_on for row in rows if row.starts_on > on), default=None)
    for mine, decided_by in ((own, "store"), ([row for row in rows if not row.store_id], "group")):
        begun = [row for row in mine if row.starts_on <= on]
        if begun:
            return FigureInForce(key, key.read(begun[-1].value), decided_by, begun[-1].starts_on, upcoming)
    return FigureInForce(key, key.default, next_on=upcoming)


def figure_history(key: Figure, *, store: Store | None) -> QuerySet[StoreFigure]:
    """Every decision about a figure that touches a store: its own and those for all stores, latest first."""
    rows = StoreFigure.objects.filter(Q(store=store) | Q(store=None), code=key.code)
    return rows.select_related("store", "changed_by").order_by("-starts_on", F("store").desc(nulls_last=True))


def figure_named(code: str) -> Figure | None:
    return REGISTERED.get(code)
