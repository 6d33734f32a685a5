from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.organization.models import Staff, Team
from dealer_crm.values import Refusal, fen
from reception.actions.numbering import next_number
from workshop.choices import WORKSHOP_TEAMS
from workshop.models import ConsumableIssue

NUMBERED = "FL"


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
) -> ConsumableIssue:
    """Sign shop supplies out to a team (辅料领用); `amount` in CNY lowers its commission in the month of issue."""
    store = team.store
    if team.kind not in WORKSHOP_TEAMS:
        raise Refusal(_("Team %(team)s repairs no cars.") % {"team": team}, field="team")
    if quantity <= 0:
        raise Refusal(_("The quantity must be above zero."), field="quantity")
    if amount <= 0:
        raise Refusal(_("The amount must be above zero."), field="amount")
    if issued_on > at.astimezone(store.tz).date():
        raise Refusal(_("Nothing can be issued on a day to come."), field="issued_on")
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
    journal.record(by=by, at=at, verb="consumables.issued", subject=issue, changes={"amount": [None, issue.amount]})
    return issue
