"""Stores and their teams."""

import re
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.choices import TeamKind
from dealer_crm.organization.models import Store, Team
from dealer_crm.values import Refusal

ON_BILLS = ("legal_name", "credit_code", "repair_licence", "bank_name", "bank_account")
_OF_A_STORE = ("name", "address", "phone", "opens_at", "closes_at", "time_zone", *ON_BILLS)
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")  # GB 32100: no I, O, S, V, Z


@transaction.atomic
def create_store(
    *,
    code: str,
    name: str,
    brands=(),
    address: str = "",
    phone: str = "",
    opens_at: time = time(8, 30),
    closes_at: time = time(18),
    time_zone: str = "Asia/Shanghai",
    by,
    at,
    **on_bills: str,
) -> Store:
    """Open a store. Its code is how everything outside names it, so it never changes afterwards.

    `on_bills`: what stands on bills (`ON_BILLS`).
    """
    code = code.strip().upper()
    if Store.objects.filter(code=code).exists():
        raise Refusal(_("Store code %(code)s is taken.") % {"code": code}, field="code")
    store = Store(
        code=code,
        name=name.strip(),
        address=address.strip(),
        phone=phone.strip(),
        opens_at=opens_at,
        closes_at=closes_at,
        time_zone=time_zone,
        **{name: on_bills.pop(name, "").strip() for name in ON_BILLS},
    )
    if on_bills:
        raise TypeError(f"not a field of a store: {', '.join(sorted(on_bills))}")
    _refuse_impossible(store)
    store.save(force_insert=True)
    store.brands.set(brands)
    journal.record(by=by, at=at, verb="store.created", subject=store, store=store)
    return store


@transaction.atomic
def change_store(*, store: Store, brands=None, by, at, **changes) -> Store:
    """Change what is known of a store: name, address, phone, opening hours, time zone and what stands on bills."""
    store = Store.objects.select_for_update().get(pk=store.pk)
    before = {name: getattr(store, name) for name in changes if name in _OF_A_STORE}
    for name in before:
        setattr(store, name, changes[name].strip() if name in ON_BILLS else changes[name])
    _refuse_impossible(store)
    store.save(update_fields=list(before))
    changed = journal.changed_fields(before, store)
    if brands is not None:
        had = sorted(brand.name for brand in store.brands.all())
        store.brands.set(brands)
        has = sorted(brand.name for brand in store.brands.all())
        if had != has:
            changed["brands"] = [had, has]
    if changed:
        journal.record(by=by, at=at, verb="store.changed", subject=store, store=store, changes=changed)
    return store


@transaction.atomic
def create_team(*, store: Store, name: str, kind: TeamKind, by, at) -> Team:
    """Add a team (班组) to a store."""
    name = name.strip()
    _refuse_taken_name(store, name)
    team = Team.objects.create(store=store, name=name, kind=kind)
    journal.record(by=by, at=at, verb="team.created", subject=team, store=store)
    return team


@transaction.atomic
def change_team(*, team: Team, name: str, kind: TeamKind, by, at) -> Team:
    """Rename a team or correct its trade. Months that are computed already keep what held then."""
    team = Team.objects.select_for_update().get(pk=team.pk)
    before = {"name": team.name, "kind": team.kind}
    team.name, team.kind = name.strip(), str(kind)
    _refuse_taken_name(team.store, team.name, but=team)
    team.save(update_fields=["name", "kind"])
    if changed := journal.changed_fields(before, team):
        journal.record(by=by, at=at, verb="team.changed", subject=team, store=team.store, changes=changed)
    return team


def _refuse_impossible(store: Store) -> None:
    if store.credit_code and not _CREDIT_CODE.fullmatch(store.credit_code):
        raise Refusal(
            _("“%(code)s” is no credit code: it has 18 digits and capital letters, without I, O, S, V and Z.")
            % {"code": store.credit_code},
            field="credit_code",
        )
    if store.closes_at <= store.opens_at:
        raise Refusal(_("A store closes after it opens."), field="closes_at")
    try:
        ZoneInfo(store.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refusal(_("%(zone)s is no time zone.") % {"zone": store.time_zone}, field="time_zone") from error


def _refuse_taken_name(store: Store, name: str, but: Team | None = None) -> None:
    if Team.objects.filter(store=store, name=name).exclude(pk=but.pk if but else None).exists():
        raise Refusal(_("There is a team %(name)s already.") % {"name": name}, field="name")
