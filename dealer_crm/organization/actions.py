"""Changing stores, people, positions and figures."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.access.roles import Role
from dealer_crm.journal import actions as journal
from dealer_crm.organization.choices import ROLES_OF_POST, Post
from dealer_crm.organization.models import Position, Staff, Store, StoreFigure, Team
from dealer_crm.values import Figure, Refusal


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
    if Staff.objects.filter(work_number=work_number).exists():
        raise Refusal(_("Work number %(number)s is taken.") % {"number": work_number}, field="work_number")
    _refuse_foreign_team(team, store)
    staff = Staff(
        username=(username or work_number).lower(),
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
    journal.record(by=by, at=at, verb="staff.created", subject=staff)
    return staff


@transaction.atomic
def change_position(*, staff: Staff, starts_on: date, post: Post, team: Team | None, coefficient: Decimal, by, at):
    """Say what a person is from a day on; the past before that day stays as it was."""
    _refuse_foreign_team(team, staff.store)
    position, was_new = Position.objects.update_or_create(
        staff=staff,
        starts_on=starts_on,
        defaults={"store": staff.store, "post": post, "team": team, "coefficient": coefficient},
    )
    journal.record(
        by=by,
        at=at,
        verb="position.started" if was_new else "position.changed",
        subject=staff,
        changes={"position": [None, str(position)], "coefficient": [None, coefficient]},
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
    """A person leaves: the account closes, everything they did stays."""
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if staff.hired_on and left_on < staff.hired_on:
        raise Refusal(_("The last day can't be before the first."), field="left_on")
    staff.left_on, staff.is_active = left_on, False
    staff.save(update_fields=["left_on", "is_active"])
    journal.record(by=by, at=at, verb="staff.left", subject=staff, changes={"left_on": [None, left_on]})
    return staff


@transaction.atomic
def set_figure(*, figure: Figure, store: Store | None, value, starts_on: date, by, at) -> StoreFigure:
    """Change a figure from a day on. What was computed for earlier days keeps the value that held then."""
    try:
        value = figure.read(value)
    except (TypeError, ValueError) as error:
        raise Refusal(_("%(value)s is not a value for this figure.") % {"value": value}, field="value") from error
    row, _was_new = StoreFigure.objects.update_or_create(
        store=store,
        code=figure.code,
        starts_on=starts_on,
        defaults={"value": figure.stored(value), "changed_by": by, "changed_at": at},
    )
    journal.record(
        by=by,
        at=at,
        verb="figure.changed",
        subject=row,
        store=store,
        changes={figure.code: [None, figure.stored(value)]},
    )
    return row


def _refuse_foreign_team(team: Team | None, store: Store | None) -> None:
    if team and store and team.store_id != store.pk:
        raise Refusal(_("Team %(team)s belongs to another store.") % {"team": team}, field="team")
