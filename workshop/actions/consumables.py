from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
from dealer_crm.values import Refusal, fen
from reception.actions.numbering import next_number
from workshop import events
from workshop.choices import WORKSHOP_TEAMS
from workshop.models import ConsumableIssue
from workshop.queries import pay_is_locked

NUMBERED = "FL"


@dataclass(frozen=True)
class Article:
    """What is signed out, how much of it, and its amount in CNY."""

    name: str
    quantity: Decimal
    amount: Decimal


@transaction.atomic
def issue_articles(
    *,
    team: Team,
    articles: Sequence[Article],
    issued_on: date,
    by,
    at: datetime,
    issued_to: Staff | None = None,
    late_reason: str = "",
) -> list[ConsumableIssue]:
    """Sign several articles out at once, each with a number of its own; all of them or none."""
    if not articles:
        raise Refusal(_("Enter at least one article."), code="nothing_to_issue")
    return [
        issue_consumables(
            team=team, name=article.name, quantity=article.quantity, amount=article.amount, issued_on=issued_on,
            issued_to=issued_to, late_reason=late_reason, by=by, at=at,
        )
        for article in articles
    ]  # fmt: skip


@transaction.atomic
def issue_consumables(
    *,
    team: Team,
    name: str,
    quantity: Decimal,
    amount: Decimal,
    issued_on: date,
    by,
    at: datetime,
    issued_to: Staff | None = None,
    late_reason: str = "",
) -> ConsumableIssue:
    """Sign shop supplies out to a team (辅料领用); `amount` in CNY lowers its commission in the month of issue.

    Of a month that is paid already it needs `late_reason`; pay corrects that month with the next open one.
    """
    store = team.store
    if team.kind not in WORKSHOP_TEAMS:
        raise Refusal(_("Team %(team)s repairs no cars.") % {"team": team}, field="team")
    if quantity <= 0:
        raise Refusal(_("The quantity must be above zero."), field="quantity")
    if amount <= 0:
        raise Refusal(_("The amount must be above zero."), field="amount")
    if issued_on > at.astimezone(store.tz).date():
        raise Refusal(_("Nothing can be issued on a day to come."), field="issued_on")
    if pay_is_locked(store, issued_on) and not late_reason.strip():
        raise Refusal(
            _("The pay of %(month)s is locked: what is entered now is settled with the next open month. Say why it "
              "comes late.") % {"month": f"{issued_on:%Y-%m}"},
            field="late_reason",
            code="late_reason_missing",
        )  # fmt: skip
    if issued_to and issued_to.store_id != store.pk:
        raise Refusal(_("%(person)s belongs to another store.") % {"person": issued_to}, field="issued_to")
    issue = ConsumableIssue.objects.create(
        number=next_number(model=ConsumableIssue, field="number", prefix=NUMBERED, store=store, at=at),
        store=store,
        team=team,
        issued_on=issued_on,
        name=name.strip(),
        quantity=quantity,
        amount=fen(amount),
        issued_to=issued_to,
    )
    journal.record(
        by=by, at=at, verb="consumables.issued", subject=issue, changes={"amount": [None, issue.amount]},
        note=late_reason.strip(),
    )  # fmt: skip
    events.consumables_issued.send(ConsumableIssue, issue_id=issue.pk, at=at)
    return issue


@transaction.atomic
def take_back_consumables(*, issue: ConsumableIssue, reason: str, by, at: datetime) -> ConsumableIssue:
    """Take back a wrong entry, with the reason, by one of the opposite amount; nothing is edited or deleted.

    It counts on the day of the wrong entry; pay corrects that month when it is paid already.
    """
    issue = ConsumableIssue.objects.select_for_update(of=("self",)).select_related("store", "team").get(pk=issue.pk)
    if issue.takes_back_id or ConsumableIssue.objects.filter(takes_back=issue).exists():
        raise Refusal(_("%(number)s is taken back already.") % {"number": issue.number}, code="taken_back")
    if not reason.strip():
        raise Refusal(_("Say why it is taken back."), field="reason", code="reason_missing")
    store = issue.store
    back = ConsumableIssue.objects.create(
        number=next_number(model=ConsumableIssue, field="number", prefix=NUMBERED, store=store, at=at),
        store=store,
        team=issue.team,
        issued_on=issue.issued_on,
        name=issue.name,
        quantity=issue.quantity,
        amount=-issue.amount,
        issued_to=issue.issued_to,
        takes_back=issue,
    )
    journal.record(
        by=by, at=at, verb="consumables.taken_back", subject=issue, changes={"amount": [issue.amount, 0]},
        note=reason.strip(),
    )  # fmt: skip
    events.consumables_issued.send(ConsumableIssue, issue_id=back.pk, at=at)
    return back
