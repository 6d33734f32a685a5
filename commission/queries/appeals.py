"""Appeals against pay: until when, before whom, what waits. Source: spec `commission.md` (Appeal)."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from commission.choices import RunState
from commission.formulas.appeals import LEAST_MEMBERS
from commission.models import AppealVote, Dispute, PayAppeal, Run, Statement, StatementLine
from commission.queries.corrections import next_open_month
from commission.settings import APPEAL_DAYS, APPEAL_MEMBERS, APPEAL_VOTE_DAYS
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.organization.models import Staff, Store
from dealer_crm.organization.queries import figure, staff_with_role
from dealer_crm.values import Period

# In this order people are named to a committee: one of each post first, then further ones.
COMMITTEE_ROLES = (Role.DIRECTOR, Role.MANAGER, Role.FINANCE)


def appeal_until_of(run: Run) -> date | None:
    """The last day on which statements of a locked month can be appealed against: everybody is told as it is locked;
    days of the calendar. None: it isn't locked yet."""
    if run.state != RunState.LOCKED:
        return None
    told_on = run.locked_at.astimezone(run.store.tz).date()
    return told_on + timedelta(days=figure(APPEAL_DAYS, store=run.store, on=told_on))


def decide_by(store: Store, made_on: date) -> date:
    """The last day the committee of an appeal has; days of the calendar, counted from the appeal."""
    return made_on + timedelta(days=figure(APPEAL_VOTE_DAYS, store=store, on=made_on))


def votes_awaited(store: Store) -> QuerySet[AppealVote]:
    """The votes that open appeals of a store wait for, held while people are reminded; those held already are left
    out."""
    rows = AppealVote.objects.awaited().filter(appeal__statement__run__store=store)
    rows = rows.select_related("member", "appeal__staff", "appeal__statement__run__store")
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=True).order_by("pk")


def may_sit(statement: Statement, line: StatementLine | None) -> list[Staff]:
    """Who may decide an appeal: holders of the right, but not the person, nor who answered a dispute of theirs about
    the same item of that month."""
    answered = Dispute.objects.filter(run=statement.run_id, staff=statement.staff_id).exclude(answered_by=None)
    if line is not None:
        answered = answered.filter(item=line.item)
    barred = {statement.staff_id, *answered.values_list("answered_by", flat=True)}
    people = list(staff_with_role(statement.run.store, *COMMITTEE_ROLES))
    return [one for one in people if one.pk not in barred and one.can(Permission.PAY_APPEAL_DECIDE)]


def committee_for(statement: Statement, line: StatementLine | None, on: date) -> list[Staff]:
    """The members named when an appeal is made: one of each post first, up to the number set, at least two."""
    wanted = max(LEAST_MEMBERS, figure(APPEAL_MEMBERS, store=statement.run.store, on=on))
    people, named = may_sit(statement, line), []
    for role in COMMITTEE_ROLES:
        named += [one for one in people if one.has_role(role) and one not in named][:1]
    named += [one for one in people if one not in named]
    return named[:wanted]


def appeals_for(staff: Staff) -> QuerySet[PayAppeal]:
    """The appeals of the stores a person may see, with their votes; not one's own, whose votes are read when it is
    decided."""
    votes = Prefetch("votes", AppealVote.objects.select_related("member").order_by("pk"))
    rows = (
        PayAppeal.objects.visible_to(staff)
        .exclude(staff=staff)
        .select_related("statement__run__store", "staff", "line", "adjustment")
    )
    return rows.prefetch_related(votes).order_by("-appealed_at", "-pk")


def appeals_to_vote_on(staff: Staff) -> QuerySet[PayAppeal]:
    """The open appeals that wait for this member's vote, oldest first."""
    own = AppealVote.objects.filter(appeal=OuterRef("pk"), member=staff, voted_at=None)
    return appeals_for(staff).undecided().filter(Exists(own)).order_by("appealed_at", "pk")


def own_appeals(staff: Staff) -> QuerySet[PayAppeal]:
    """A person's own appeals with the committee's answers."""
    votes = Prefetch("votes", AppealVote.objects.select_related("member").order_by("pk"))
    rows = PayAppeal.objects.filter(staff=staff).select_related("statement__run__store", "line", "adjustment")
    return rows.prefetch_related(votes).order_by("-appealed_at", "-pk")


def month_that_pays(store: Store) -> Period:
    """The first open month whose slips nobody has checked yet: what is granted is paid there."""
    month = next_open_month(store)
    runs = Run.objects.filter(store=store, period__gte=str(month)).exclude(state=RunState.DRAFT)
    taken = set(runs.values_list("period", flat=True))
    while str(month) in taken:
        month = month.next()
    return month
