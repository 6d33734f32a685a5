"""What waits, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from commission import queries
from commission.choices import ChangeState
from commission.views.runs import STEPS
from dealer_crm.ui import home


def runs_card(staff):
    """Runs that wait for this person's step."""
    wanted = [state for state, (_url, permission, _label) in STEPS.items() if staff.can(permission)]
    if not wanted:
        return None  # who only reads runs has nothing to do with them
    waiting = list(queries.runs_for(staff).filter(state__in=wanted).order_by("period")[:5])
    items = [
        home.Item(f"{run.store.name} {run.period}", run.get_state_display(), reverse("commission:run", args=[run.pk]))
        for run in waiting
    ]
    return home.Card(_("Commission runs waiting for you"), items, reverse("commission:runs"), len(items), "primary")


def adjustments_card(staff):
    """Adjustments that wait for this person's approval."""
    rows = list(queries.adjustments_to_decide(staff))
    url = reverse("commission:adjustments")
    items = [home.Item(f"{row.staff.name} {row.reason}", f"¥{row.amount:+,.2f}", url) for row in rows[:5]]
    return home.Card(_("Adjustments to approve"), items, url, len(rows), "warning")


def incentives_card(staff):
    """Incentives that wait for this person's approval."""
    rows = list(queries.incentives_to_decide(staff))
    url = f"{reverse('commission:incentives')}?state=waiting"
    items = [home.Item(f"{row.staff.name} {row.reason}", f"¥{row.amount:,.2f}", url) for row in rows[:5]]
    return home.Card(_("Incentives to approve"), items, url, len(rows), "warning")


def coefficients_card(staff):
    """Temporary coefficients that wait for this person's approval."""
    rows = list(queries.coefficients_to_decide(staff))
    items = [
        home.Item(
            f"{row.staff.name} {row.coefficient.normalize():f}",
            f"{row.starts_on:%m-%d} – {row.ends_on:%m-%d}",
            reverse("commission:coefficient", args=[row.pk]),
        )
        for row in rows[:5]
    ]
    url = f"{reverse('commission:coefficients')}?state={ChangeState.ASKED}"
    return home.Card(_("Temporary coefficients to approve"), items, url, len(rows), "warning")


def plans_card(staff):
    """Plan versions that wait for this person's approval."""
    rows = list(queries.versions_to_approve(staff))
    items = [home.Item(str(row), row.starts_period, reverse("commission:plan", args=[row.pk])) for row in rows[:5]]
    return home.Card(_("Plan versions to approve"), items, reverse("commission:plans"), len(rows), "warning")


def own_pay_card(staff):
    slip = queries.own_statements(staff).first()
    if slip is None:
        return None
    item = home.Item(slip.run.period, f"¥{slip.net_amount:,.2f}", reverse("commission:own_statement", args=[slip.pk]))
    return home.Card(_("My commission"), [item], reverse("commission:own"), None)


def statements_card(staff):
    """Own statements that wait to be checked."""
    slips = queries.slips_to_check(staff)
    if not slips:
        return None
    items = [
        home.Item(slip.run.period, f"¥{slip.net_amount:,.2f}", reverse("commission:own_statement", args=[slip.pk]))
        for slip in slips
    ]
    return home.Card(_("Please check your statement"), items, reverse("commission:own"), len(items), "warning")


def disputes_card(staff):
    """Disputed lines that wait for this person's answer."""
    rows, url = list(queries.disputes_to_answer(staff)), reverse("commission:disputes")
    items = [home.Item(f"{row.staff.name} {_(row.name)}", f"¥{row.amount:,.2f}", url) for row in rows[:5]]
    return home.Card(_("Disputes to answer"), items, url, len(rows), "warning")


def appeals_card(staff):
    """Appeals that wait for this member's vote."""
    rows = list(queries.appeals_to_vote_on(staff).prefetch_related(None))
    items = [
        home.Item(row.staff.name, row.statement.run.period, reverse("commission:appeal", args=[row.pk])) for row in rows
    ]
    return home.Card(_("Appeals waiting for your vote"), items[:5], reverse("commission:appeals"), len(rows), "warning")
