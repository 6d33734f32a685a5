"""People: entering them, what they are from a day on, what they may do, their leaving."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.organization.choices import ROLES_OF_POST, Post
from dealer_crm.organization.models import Position, Staff, Store, Team
from dealer_crm.values import Refusal
from dealer_crm.values.period import SHANGHAI

PERSONAL = (
    "name",
    "phone",
    "email",
    "hired_on",
    "regularised_on",
)
"""What `change_person` may change; post, team and coefficient hold from a day and have an action of their own."""


def pinyin_key(name: str) -> str:
    """The sort key by which people expect a list of Chinese names to be ordered."""
    from pypinyin import lazy_pinyin  # its dictionary takes a third of a second, which not every process should spend

    return " ".join(lazy_pinyin(name)).lower()[:120]


@transaction.atomic
def create_staff(
    *,
    by,
    at,
    work_number: str,
    name: str,
    store: Store | None,
    post: Post,
    team: Team | None = None,
    coefficient: Decimal = Decimal(0),
    hired_on: date,
    regularised_on: date | None = None,
    roles=None,
    username: str | None = None,
    password: str | None = None,
) -> Staff:
    """Enter a member of staff with the first position. Without a password nobody can sign in to the account yet."""
    work_number = work_number.strip().upper()
    username = (username or work_number).lower()
    if Staff.objects.filter(work_number=work_number).exists():
        raise Refusal(_("Work number %(number)s is taken.") % {"number": work_number}, field="work_number")
    if Staff.objects.filter(username__iexact=username).exists():
        raise Refusal(_("Somebody already signs in as %(name)s.") % {"name": username}, field="work_number")
    _refuse_foreign_team(team, store)
    _refuse_early_regularisation(hired_on, regularised_on)
    staff = Staff(
        username=username,
        work_number=work_number,
        name=name.strip(),
        name_pinyin=pinyin_key(name),
        store=store,
        roles=[str(role) for role in (ROLES_OF_POST[post] if roles is None else roles)],
        hired_on=hired_on,
        regularised_on=regularised_on,
    )
    staff.set_password(password)
    staff.save(force_insert=True)
    if store:
        Position.objects.create(
            staff=staff, store=store, post=post, team=team, coefficient=coefficient, starts_on=hired_on
        )
    journal.record(by=by, at=at, verb="staff.created", subject=staff, changes={"roles": [None, staff.roles]})
    return staff


@transaction.atomic
def change_person(*, staff: Staff, by, at, **changes) -> Staff:
    """Correct or complete what is known of a person; `changes` are fields of `PERSONAL`."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    before = {name: getattr(staff, name) for name in changes if name in PERSONAL}
    for name in before:
        setattr(staff, name, changes[name])
    _refuse_early_regularisation(staff.hired_on, staff.regularised_on)
    if staff.hired_on and staff.left_on and staff.left_on < staff.hired_on:
        raise Refusal(_("The last day can't be before the first."), field="hired_on")
    staff.name_pinyin = pinyin_key(staff.name)
    staff.save(update_fields=[*before, "name_pinyin"])
    if changed := journal.changed_fields(before, staff):
        journal.record(by=by, at=at, verb="staff.changed", subject=staff, changes=changed)
    return staff


@transaction.atomic
def change_position(*, staff: Staff, starts_on: date, post: Post, team: Team | None, coefficient: Decimal, by, at):
    """Say what a person is from a day on; the past before that day stays as it was."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if staff.store is None:
        raise Refusal(_("%(name)s belongs to no store and so has no position.") % {"name": staff})
    if staff.hired_on and starts_on < staff.hired_on:
        raise Refusal(_("A position can't begin before the person was hired."), field="starts_on")
    _refuse_foreign_team(team, staff.store)
    before = (
        Position.objects.filter(staff=staff, starts_on__lte=starts_on)
        .select_related("team")
        .order_by("-starts_on")
        .first()
    )
    position, was_new = Position.objects.update_or_create(
        staff=staff,
        starts_on=starts_on,
        defaults={"store": staff.store, "post": post, "team": team, "coefficient": coefficient},
    )
    changes = {
        "starts_on": [before and before.starts_on, starts_on],
        "post": [before and before.post, str(post)],
        "team": [before and before.team and before.team.name, team and team.name],
        "coefficient": [before and before.coefficient, coefficient],
    }
    journal.record(
        by=by,
        at=at,
        verb="position.started" if was_new else "position.changed",
        subject=staff,
        changes={name: pair for name, pair in changes.items() if pair[0] != pair[1]},
    )
    return position


@transaction.atomic
def grant_roles(*, staff: Staff, roles: list[Role], by, at) -> Staff:
    """Set what a person may do. Nobody changes their own rights."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody changes their own rights; ask another administrator."))
    before, staff.roles = staff.roles, sorted(str(role) for role in roles)
    staff.save(update_fields=["roles"])
    journal.record(by=by, at=at, verb="staff.roles_granted", subject=staff, changes={"roles": [before, staff.roles]})
    return staff


@transaction.atomic
def end_employment(*, staff: Staff, left_on: date, by, at) -> Staff:
    """A person leaves; what they did stays. The account closes at once, or after a last day that is yet to come."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody closes their own account; ask another administrator."))
    if staff.hired_on and left_on < staff.hired_on:
        raise Refusal(_("The last day can't be before the first."), field="left_on")
    before = staff.left_on
    staff.left_on, staff.is_active = left_on, left_on > _today_of(staff, at)
    staff.save(update_fields=["left_on", "is_active"])
    journal.record(by=by, at=at, verb="staff.left", subject=staff, changes={"left_on": [before, left_on]})
    return staff


@transaction.atomic
def resume_employment(*, staff: Staff, by, at) -> Staff:
    """The leaving was a mistake, or the person comes back: the account opens again with the rights it had."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if by and by.pk == staff.pk:
        raise Refusal(_("Nobody opens their own account; ask another administrator."))
    if staff.left_on is None and staff.is_active:
        raise Refusal(_("%(name)s has not left.") % {"name": staff})
    before = staff.left_on
    staff.left_on, staff.is_active = None, True
    staff.save(update_fields=["left_on", "is_active"])
    journal.record(by=by, at=at, verb="staff.returned", subject=staff, changes={"left_on": [before, None]})
    return staff


@transaction.atomic
def close_left_accounts(*, by=None, at) -> int:
    """Close the accounts of those whose last day is over. Safe to repeat. Returns how many were closed."""
    leaving = Staff.objects.select_for_update(of=["self"]).filter(is_active=True, left_on__isnull=False)
    over = [staff for staff in leaving.select_related("store") if staff.left_on < _today_of(staff, at)]
    for staff in over:
        staff.is_active = False
        staff.save(update_fields=["is_active"])
        journal.record(by=by, at=at, verb="staff.account_closed", subject=staff, changes={"is_active": [True, False]})
    return len(over)


def _today_of(staff: Staff, at) -> date:
    return at.astimezone(staff.store.tz if staff.store else SHANGHAI).date()


def _refuse_foreign_team(team: Team | None, store: Store | None) -> None:
    if team and store and team.store_id != store.pk:
        raise Refusal(_("Team %(team)s belongs to another store.") % {"team": team}, field="team")


def _refuse_early_regularisation(hired_on: date | None, regularised_on: date | None) -> None:
    if hired_on and regularised_on and regularised_on < hired_on:
        raise Refusal(_("Nobody is regularised before being hired."), field="regularised_on")
