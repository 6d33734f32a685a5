"""The five gaps, the index model, the manager's guess, the targets of factors."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of, stores_visible_to
from dealer_crm.values import Period, Refusal
from satisfaction import actions, queries
from satisfaction.forms import FactorTargetForm, GapsFilter, GuessForm
from satisfaction.views import charts
from satisfaction.views.scopes import asked, tabs_of


def gaps(request):
    """What customers expected and got, what was promised and done, what managers believe."""
    form = asked(request, GapsFilter)
    context = {"filter_form": form, "scope": form.scope(), "tabs": tabs_of("gaps", form)}
    if context["scope"] is not None:
        figures = queries.five_gaps(context["scope"])
        context |= {
            "figures": figures,
            "expected_chart": charts.expected_chart(figures),
            "may_guess": request.user.can(Permission.GUESS_CREATE),
        }
    template = "satisfaction/gaps.html#figures" if request.htmx else "satisfaction/gaps.html"
    return render(request, template, context)


def composites(request):
    """The six composite scores with the questions they are made of."""
    form = asked(request, GapsFilter)
    context = {"filter_form": form, "scope": form.scope(), "tabs": tabs_of("composites", form)}
    if context["scope"] is not None:
        rows = queries.composites(context["scope"])
        context |= {
            "rows": rows,
            "chart": charts.composites_chart(rows),
            "is_empty": not any(row.figures.n for row in rows),
        }
    template = "satisfaction/composites.html#figures" if request.htmx else "satisfaction/composites.html"
    return render(request, template, context)


def guess(request):
    """A manager's guess of this month's means, given once, before the figures are out."""
    store, now = store_of(request.user), timezone.now()
    period, factors = Period.of(now, store.tz), queries.csi_factors()
    given = list(queries.guesses_of(request.user, store=store, periods=[period]))
    form = GuessForm(request.POST or None, factors=factors)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_guess(store=store, period=period, means=form.cleaned_data, by=request.user, at=now)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Thank you. What customers said stands beside it next month."))
            return redirect("satisfaction:guess")
    names = {one.code: one.name for one in factors}
    rows = [(row, names.get(row.factor_code, row.factor_code)) for row in given]
    context = {"form": form, "period": period, "store": store, "given": rows}
    return render(request, "satisfaction/guess.html", context, status=422 if form.errors else 200)


def targets(request):
    """The targets of factors by the day they start, and a form for another."""
    today, factors = timezone.localdate(), queries.csi_factors()
    may_change = request.user.can(Permission.FIGURE_CHANGE)
    stores = stores_visible_to(request.user) if request.user.sees_all_stores else None
    form = FactorTargetForm(request.POST or None, factors=factors, stores=stores, initial={"starts_on": today})
    if request.method == "POST" and may_change and form.is_valid():
        try:
            store = form.cleaned_data.pop("store", None) if stores is not None else store_of(request.user)
            actions.set_factor_target(store=store, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The target is set."))
            return redirect("satisfaction:targets")
    in_force = queries.factor_targets(request.user.store, on=today)
    context = {
        "form": form if may_change else None,
        "in_force": [(one, in_force[one.code]) for one in factors],
        "rows": queries.factor_targets_for(request.user),
        "today": today,
    }
    return render(request, "satisfaction/targets.html", context, status=422 if form.errors else 200)
