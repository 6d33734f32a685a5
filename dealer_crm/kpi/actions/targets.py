"""Setting and signing targets. Source: spec `kpi.md` (targets), `commission.md` A (signed targets)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.journal import actions as journal
from dealer_crm.kpi import events
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.formulas import written
from dealer_crm.kpi.models import Target, TargetSignature
from dealer_crm.kpi.queries import Aim, aim_of, bound_staff, is_ceiling, locked_months, months_to_sign, waiting_for
from dealer_crm.notices import actions as notices
from dealer_crm.organization.models import Staff, Store, Team
from dealer_crm.values import Period, Refusal, Stale


@dataclass(frozen=True)
class Wish:
    """What is to stand there from now on, and what stood there when it was typed. No goal: the target is withdrawn."""

    aim: Aim
    goal: Decimal | None
    floor: Decimal | None = None
    seen_goal: Decimal | None = None
    seen_floor: Decimal | None = None


class CellsRefused(Refusal):
    """Some cells of a grid can't be; `cells` says of each why, and nothing was saved."""

    code = "target_cells"

    def __init__(self, message, cells: dict[Aim, str]):
        super().__init__(message)
        self.cells = cells


class CellsStale(Stale):
    """Somebody else changed some of the cells one has changed; `cells` says of each what stands there now."""

    def __init__(self, message, cells: dict[Aim, str]):
        super().__init__(message)
        self.cells = cells


@transaction.atomic
def set_target(
    *,
    store: Store,
    period: Period,
    measure: Measure,
    goal: Decimal,
    by,
    at,
    floor: Decimal | None = None,
    staff: Staff | None = None,
    team: Team | None = None,
    order_kind: str = "",
) -> Target:
    """Set what is to be reached in a month. A changed goal takes the signatures away: people sign what they read.

    Refused: a goal of nothing, a floor beyond the goal, a person or team of another store, rates of anything but the
    whole store, and every month whose pay is locked.
    """
    for whose, field in ((staff, "staff"), (team, "team")):
        if whose and whose.store_id != store.pk:
            raise Refusal(_("%(name)s does not belong to this store.") % {"name": whose}, field=field)
    store = _locked(store)
    aim = Aim(measure, period, team and team.pk, staff and staff.pk, order_kind)
    _refuse(aim, goal, floor, locked_months(store, [period], lock=True))
    standing = _standing(store, [aim]).get(aim)
    if standing and (standing.goal, standing.floor) == (goal, floor):
        return standing
    _write(store, [Wish(aim, goal, floor)], {aim: standing} if standing else {}, by, at)
    return _standing(store, [aim])[aim]


@transaction.atomic
def set_targets(*, store: Store, wishes: Sequence[Wish], by, at) -> int:
    """Save what was typed into a grid, all of it or nothing. Returns how many targets changed.

    Raises `CellsStale` when somebody else has changed one of these cells since it was read, `CellsRefused` for what
    can't be; both say of each cell what is the matter.
    """
    store = _locked(store)
    standing = _standing(store, [wish.aim for wish in wishes])
    strangers = _strangers(store, [wish.aim for wish in wishes])
    locked = locked_months(store, {wish.aim.period for wish in wishes}, lock=True)
    stale, refused, wanted = {}, {}, []
    for wish in wishes:
        there = standing.get(wish.aim)
        now = (there.goal, there.floor) if there else (None, None)
        if now == (wish.goal, wish.floor):
            continue
        if now != (wish.seen_goal, wish.seen_floor):
            stale[wish.aim] = _stands(there)
            continue
        try:
            _refuse(wish.aim, wish.goal, wish.floor, locked)
        except Refusal as refusal:
            refused[wish.aim] = str(refusal)
        if wish.aim in strangers:
            refused[wish.aim] = _("This does not belong to the store.")
        wanted.append(wish)
    if stale:
        raise CellsStale(_("Someone else changed some of these cells meanwhile. Nothing was saved; compare."), stale)
    if refused:
        raise CellsRefused(_("Some cells can't be like this. Nothing was saved."), refused)
    _write(store, wanted, standing, by, at)
    return len(wanted)


@transaction.atomic
def sign_target(*, target: Target, by: Staff, at) -> Target:
    """A person bound by a target signs it. It counts as signed when everyone bound has signed."""
    target = Target.objects.select_for_update(of=("self",)).get(pk=target.pk)
    bound = {person.pk for person in bound_staff(target)}
    if by.pk not in bound:
        raise Refusal(_("This target does not bind you, so there is nothing for you to sign."))
    _signature, was_new = TargetSignature.objects.get_or_create(target=target, staff=by, defaults={"signed_at": at})
    if was_new:
        signed = set(target.signatures.values_list("staff_id", flat=True))
        target.is_signed = bound <= signed
        target.save(update_fields=["is_signed"])
        journal.record(by=by, at=at, verb="target.signed", subject=target)
    return target


@transaction.atomic
def sign_targets(*, targets: Iterable[Target], by: Staff, at) -> int:
    """Sign several at once, as one signs a sheet. Returns how many."""
    return len([sign_target(target=target, by=by, at=at) for target in sorted(targets, key=lambda one: one.pk)])


# ── What the clock reminds of ────────────────────────────────────────────────────────────────────────────────────────
def remind_of_targets(*, store: Store, at) -> int:
    """Ask those bound to sign what begins within the notice; once it has begun, tell whoever sets targets who has not.

    Everyone is told once for each stand of a month's targets, however often this runs. Returns how many are new.
    """
    today, told = at.astimezone(store.tz).date(), 0
    _earliest, last = months_to_sign(store, today)
    period = Period.of(today)
    while period <= last:
        waiting = waiting_for(store, period)
        for one in waiting:
            newest = max(target.set_at for target in one.targets)
            told += notices.notify(
                recipients=[one.staff],
                key=f"target:{store.pk}:{period}:sign:{newest:%y%m%d%H%M%S}",
                text=_("%(count)d targets of %(period)s wait for your signature")
                % {"count": len(one.targets), "period": period},
                url=reverse("kpi:own_targets"),
                at=at,
            )
        if waiting and period.first_day <= today:
            told += notices.notify(
                recipients=setters_of(store),
                key=f"target:{store.pk}:{period}:unsigned",
                text=_("%(period)s has begun and its targets are not signed by %(names)s")
                % {"period": period, "names": "、".join(one.staff.name for one in waiting)},
                url=f"{reverse('kpi:targets')}?period={period}",
                at=at,
            )
        period = period.next()
    return told


def setters_of(store: Store) -> list[Staff]:
    """The people of a store who set its targets."""
    people = Staff.objects.filter(store=store, is_active=True)
    return [person for person in people if person.can(Permission.TARGET_CHANGE)]


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _locked(store: Store) -> Store:
    """Targets of a store are set one after the other: also those that are not there yet."""
    return Store.objects.select_for_update(no_key=True).get(pk=store.pk)


def _standing(store: Store, aims: Sequence[Aim]) -> dict[Aim, Target]:
    rows = Target.objects.filter(
        store=store, period__in={str(aim.period) for aim in aims}, measure__in={aim.measure for aim in aims}
    ).select_related("set_by", "store", "team", "staff")
    found = {aim_of(row): row for row in rows}
    return {aim: found[aim] for aim in aims if aim in found}


def _strangers(store: Store, aims: Sequence[Aim]) -> set[Aim]:
    """Aims at people or teams of another store."""
    people = set(Staff.objects.filter(store=store).values_list("pk", flat=True)) | {None}
    teams = set(Team.objects.filter(store=store).values_list("pk", flat=True)) | {None}
    return {aim for aim in aims if aim.staff_id not in people or aim.team_id not in teams}


def _refuse(aim: Aim, goal: Decimal | None, floor: Decimal | None, locked: set[Period]) -> None:
    measure = Measure(aim.measure)
    if goal is not None and goal <= 0:
        raise Refusal(_("A target must be above zero."), field="goal")
    if goal is None and floor is not None:
        raise Refusal(_("A floor needs its goal."), field="goal")
    if floor is not None and (floor < goal if is_ceiling(measure) else floor > goal):
        sentence = (
            _("What is at most the goal has its floor above it.")
            if is_ceiling(measure)
            else _("The floor can't lie above the goal.")
        )
        raise Refusal(sentence, field="floor")
    if measure == Measure.CAR_COUNT and any(value % 1 for value in (goal, floor) if value is not None):
        raise Refusal(_("Cars are counted whole."), field="goal")
    if not measure.is_amount and (aim.staff_id or aim.team_id or aim.order_kind):
        raise Refusal(
            _("“%(measure)s” is set for the whole store only.") % {"measure": measure.label},
            field="staff" if aim.staff_id else "team" if aim.team_id else "order_kind",
        )
    if sum(map(bool, (aim.staff_id, aim.team_id, aim.order_kind))) > 1:
        raise Refusal(_("A target is of a team, of a person or of a type of orders, not of several."), field="staff")
    if aim.period in locked:
        raise Refusal(
            _("The pay of %(period)s is being checked or locked, so its targets stay as they are.")
            % {"period": aim.period},
            code="pay_locked",
            field="period",
        )


def _write(store: Store, wishes: Sequence[Wish], standing: dict[Aim, Target], by, at) -> None:
    teams = Team.objects.filter(store=store).in_bulk({wish.aim.team_id for wish in wishes} - {None})
    people = Staff.objects.filter(store=store).in_bulk({wish.aim.staff_id for wish in wishes} - {None})
    told, made, changed, gone = [], [], [], []
    for wish in wishes:
        aim, target = wish.aim, standing.get(wish.aim)
        before = (target.goal, target.floor) if target else (None, None)
        if wish.goal is None:
            told.append(_line(target, before, (None, None), "target.withdrawn", by, at))
            gone.append(target.pk)
            continue
        if target is None:
            target = Target(
                store=store, period=str(aim.period), measure=aim.measure, team=teams.get(aim.team_id),
                staff=people.get(aim.staff_id), order_kind=aim.order_kind,
            )  # fmt: skip
        target.goal, target.floor, target.set_by, target.set_at, target.is_signed = wish.goal, wish.floor, by, at, False
        (changed if target.pk else made).append((target, before))
    Target.objects.bulk_create([target for target, _before in made])
    Target.objects.bulk_update(
        [target for target, _before in changed], ["goal", "floor", "set_by", "set_at", "is_signed"]
    )
    TargetSignature.objects.filter(target__in=[target.pk for target, _before in changed] + gone).delete()
    Target.objects.filter(pk__in=gone).delete()
    for target, before in made + changed:
        told.append(_line(target, before, (target.goal, target.floor), "target.set", by, at))
    journal.record_many(told)
    for target, _before in made + changed:
        events.target_set.send(Target, target_id=target.pk, at=at)


def _line(target: Target, before: tuple, after: tuple, verb: str, by, at):
    """The journal tells the figures as people read them."""
    changes = {
        name: [None if value is None else written(target.unit, value) for value in pair]
        for name, pair in (("goal", (before[0], after[0])), ("floor", (before[1], after[1])))
        if pair[0] != pair[1]
    }
    return journal.entry(by=by, at=at, verb=verb, subject=target, changes=changes)


def _stands(target: Target | None) -> str:
    if target is None:
        return _("There is no target any more.")
    floor = f" / {target.floor_written}" if target.floor is not None else ""
    return _("%(name)s set %(figure)s at %(time)s.") % {
        "name": target.set_by or _("The program"),
        "figure": f"{target.goal_written}{floor}",
        "time": f"{target.set_at.astimezone(target.store.tz):%m-%d %H:%M}",
    }
