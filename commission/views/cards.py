"""What waits, on the first page."""

from django.urls import reverse
from django.utils.translation import gettext as _

from commission import queries
from commission.choices import ChangeState
from commission.views.runs import STEPS
from dealer_crm.ui import home


def _runs_waiting(staff, at):
    """Who only reads runs has nothing to do with them."""
    wanted = [state for state, (_url, permission, _label) in STEPS.items() if staff.can(permission)]
    return queries.runs_for(staff).filter(state__in=wanted).order_by("period")


@home.among(_runs_waiting)
def runs_card(staff, at, runs):
    """Runs that wait for this person's step."""
    items = [
        home.Item(f"{run.store.name} {run.period}", run.get_state_display(), reverse("commission:run", args=[run.pk]))
        for run in runs.first()
    ]
    return home.Card(_("Commission runs waiting for you"), items, reverse("commission:runs"), runs.count, "primary")


@home.among(lambda staff, at: queries.adjustments_to_decide(staff))
def adjustments_card(staff, at, adjustments):
    """Adjustments that wait for this person's approval."""
    url = reverse("commission:adjustments")
    items = [home.Item(f"{row.staff.name} {row.reason}", f"¥{row.amount:+,.2f}", url) for row in adjustments.first()]
    return home.Card(_("Adjustments to approve"), items, url, adjustments.count, "warning")


@home.among(lambda staff, at: queries.incentives_to_decide(staff))
def incentives_card(staff, at, incentives):
    """Incentives that wait for this person's approval."""
    url = f"{reverse('commission:incentives')}?state=waiting"
    items = [home.Item(f"{row.staff.name} {row.reason}", f"¥{row.amount:,.2f}", url) for row in incentives.first()]
    return home.Card(_("Incentives to approve"), items, url, incentives.count, "warning")


@home.among(lambda staff, at: queries.coefficients_to_decide(staff))
def coefficients_card(staff, at, coefficients):
    """Temporary coefficients that wait for this person's approval."""
    items = [
        home.Item(
            f"{row.staff.name} {row.coefficient.normalize():f}",
            f"{row.starts_on:%m-%d} – {row.ends_on:%m-%d}",
            reverse("commission:coefficient", args=[row.pk]),
        )
        for row in coefficients.first()
    ]
    url = f"{reverse('commission:coefficients')}?state={ChangeState.ASKED}"
    return home.Card(_("Temporary coefficients to approve"), items, url, coefficients.count, "warning")


@home.among(lambda staff, at: queries.versions_to_approve(staff))
def plans_card(staff, at, versions):
    """Plan versions that wait for this person's approval."""
    items = [
        home.Item(str(row), row.starts_period, reverse("commission:plan", args=[row.pk])) for row in versions.first()
    ]
    return home.Card(_("Plan versions to approve"), items, reverse("commission:plans"), versions.count, "warning")


@home.among(lambda staff, at: queries.own_statements(staff).defer("run__figures", "run__carry_over"))
def own_pay_card(staff, at, slips):
    """The newest of one's own; nothing to be done about it."""
    [slip] = slips.first(1)
    item = home.Item(slip.run.period, f"¥{slip.net_amount:,.2f}", reverse("commission:own_statement", args=[slip.pk]))
    return home.Card(_("My commission"), [item], reverse("commission:own"), None)


@home.among(lambda staff, at: queries.slips_of_reviewed_runs(staff))
def statements_card(staff, at, reviewed):
    """Own statements that wait to be checked."""
    slips = queries.slips_to_check(staff, reviewed.all())
    items = [
        home.Item(slip.run.period, f"¥{slip.net_amount:,.2f}", reverse("commission:own_statement", args=[slip.pk]))
        for slip in slips
    ]
    return home.Card(_("Please check your statement"), items, reverse("commission:own"), len(items), "warning")


@home.among(lambda staff, at: queries.disputes_to_answer(staff))
def disputes_card(staff, at, disputes):
    """Disputed lines that wait for this person's answer."""
    url = reverse("commission:disputes")
    items = [home.Item(f"{row.staff.name} {_(row.name)}", f"¥{row.amount:,.2f}", url) for row in disputes.first()]
    return home.Card(_("Disputes to answer"), items, url, disputes.count, "warning")


@home.among(lambda staff, at: queries.appeals_to_vote_on(staff))
def appeals_card(staff, at, appeals):
    """Appeals that wait for this member's vote."""
    items = [
        home.Item(row.staff.name, row.statement.run.period, reverse("commission:appeal", args=[row.pk]))
        for row in appeals.first()
    ]
    return home.Card(_("Appeals waiting for your vote"), items, reverse("commission:appeals"), appeals.count, "warning")
