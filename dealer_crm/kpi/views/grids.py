"""The year of targets as a grid: looked at, typed into, proposed from last year."""

from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.kpi import actions, queries
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.forms import GridSheet, ProposalForm, YearForm
from dealer_crm.organization.queries import store_of, stores_to_choose
from dealer_crm.ui.formulas import percentage
from dealer_crm.values import Refusal


@require_safe
def target_grid(request):
    """A year's targets; whoever sets them types into the cells, or has last year's seasons proposed."""
    now, stores = timezone.now(), {store.code: store for store in stores_to_choose(request.user)}
    store = stores.get(request.GET.get("store", "")) or request.user.store or next(iter(stores.values()), None)
    if store is None:
        raise Refusal(_("No store to show."))
    form, year, measure = _asked(request.GET, now, list(stores.values()))
    grid = queries.year_grid(store, year, measure)
    may_change = request.user.can(Permission.TARGET_CHANGE) and store == request.user.store
    offer, found = _offer(request.GET, store, year, measure, now) if may_change else (None, None)
    sheet = GridSheet(grid, proposed=found.goals if found else None, with_floors="floors" in request.GET)
    context = {"may_change": may_change, "offer": offer, "told": _told(found)}
    return _page(request, sheet, form, context)


@require_POST
def target_grid_save(request):
    """All changed cells in one act; what can't be is said at its cell, and nothing typed is lost."""
    now, store = timezone.now(), store_of(request.user)
    form, year, measure = _asked(request.POST, now)
    with_floors = "floors" in request.POST
    sheet = GridSheet(queries.year_grid(store, year, measure), posted=request.POST, with_floors=with_floors)
    if not sheet.errors:
        try:
            count = actions.set_targets(store=store, wishes=sheet.wishes, by=request.user, at=now)
        except (actions.CellsRefused, actions.CellsStale) as refusal:
            messages.error(request, str(refusal))
            grid = queries.year_grid(store, year, measure)  # what stands there now
            sheet = GridSheet(grid, posted=request.POST, with_floors=with_floors, errors=refusal.cells)
        else:
            _say_saved(request, count)
            asked = {"year": year, "measure": measure or "", **({"floors": "on"} if with_floors else {})}
            return redirect(f"{reverse('kpi:target_grid')}?{urlencode(asked)}")
    return _page(request, sheet, form, {"may_change": True, "offer": None}, status=422)


def _asked(query, now, stores=()):
    """The year and the measure; the year that is nearest, and all measures, where nothing else was asked for."""
    this_year = timezone.localdate(now).year
    given = query if "year" in query else {"year": this_year, **query.dict()}
    form = YearForm(given, this_year=this_year, stores=stores)
    if not form.is_valid():
        return form, this_year, None
    chosen = form.cleaned_data["measure"]
    return form, form.cleaned_data["year"], Measure(chosen) if chosen else None


def _offer(query, store, year, measure, now):
    """The form for a proposal, and the proposal once it is asked for."""
    if measure is None or not measure.is_amount:
        return None, None
    form = ProposalForm(query if "total" in query else None)
    if not form.is_bound or not form.is_valid():
        return form, None
    asked = form.cleaned_data
    return form, queries.proposal(store, year, measure, asked["total"], to_people=asked["people"], at=now)


def _told(found) -> list[str]:
    """How a proposal came about, above all where last year did not say everything."""
    if found is None:
        return []
    told = [_("The months follow last year's: %(known)d of 12 had figures.") % {"known": found.known}]
    if found.known == 0:
        told = [_("Last year has no figures, so every month gets the same.")]
    elif found.known < 12:
        told.append(_("The others got the average of those."))
    if found.is_spread:
        told.append(
            _("People got their share of last year.")
            if found.people_known
            else _("What each person did last year is not counted for this measure, so all got the same.")
        )
    if found.of_others:
        told.append(
            _("Colleagues who get no target of it brought in %(share)s of it; that part is given to nobody.")
            % {"share": percentage(found.of_others)}
        )
    return [*told, _("Nothing is saved yet: change what you like, then save.")]


def _say_saved(request, count: int) -> None:
    if count:
        messages.success(
            request,
            ngettext("%(count)d target saved.", "%(count)d targets saved.", count) % {"count": count}
            + " "
            + _("They count once those they bind have signed."),
        )
    else:
        messages.info(request, _("Nothing was changed."))


def _page(request, sheet: GridSheet, form, context: dict, status: int = 200):
    grid = sheet.grid
    context |= {
        "sheet": sheet,
        "grid": grid,
        "page": grid,
        "filter_form": form,
        "store": grid.store,
        "errors": sheet.errors,
    }
    return render(request, "kpi/target_grid.html", context, status=status)
