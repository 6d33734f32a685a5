"""服务之星: the roll of honour, and choosing with the figures beside."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.actions import stars as actions
from dealer_crm.appraisal.forms.site import staff_of
from dealer_crm.appraisal.forms.stars import SpanForm, StarForm
from dealer_crm.appraisal.models import Star
from dealer_crm.appraisal.queries import stars as queries
from dealer_crm.organization.queries import figures_asked_once, store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Quarter

MONTHS, QUARTERS = 12, 4
"""So many past months and quarters can be looked at."""


def stars(request):
    """Who was chosen, the latest first."""
    page = keyset_page(queries.stars_of(request.user), request.GET, order=("-chosen_at", "-pk"))
    for star in page.rows:
        star.told = queries.figure_labels(star)
    context = {
        "page": page, "shows_store": request.user.sees_all_stores,
        "may_choose": request.user.can(Permission.STAR_CHOOSE),
    }  # fmt: skip
    return render(request, "appraisal/stars.html", context)


def star_choice(request):
    """The people of each group with the figures that lead to the proposal."""
    store, now = store_asked(request), timezone.now()
    spans = _spans(store, now)
    form = SpanForm(request.GET if "span" in request.GET else {"span": str(spans[0])}, spans=spans)
    asked = form.cleaned_data["span"] if form.is_valid() else str(spans[0])
    span = next(one for one in spans if str(one) == asked)
    with figures_asked_once():
        compared = queries.candidates(store, span, at=now)
    context = {
        "store": store, "span": span, "filter_form": form, "is_quarter": isinstance(span, Quarter),
        "compared": compared, "may_choose": request.user.store_id == store.pk,
    }  # fmt: skip
    return render(request, "appraisal/star_choice.html", context)


@require_POST
def star_choose(request, span):
    store, asked = store_of(request.user), _span(span)
    said = valid(StarForm(request.POST, people=staff_of(store)))
    actions.choose_star(store=store, span=asked, **said, by=request.user, at=timezone.now())
    messages.success(request, _("%(person)s is chosen and told.") % {"person": said["staff"]})
    return redirect(f"{reverse('appraisal:star_choice')}?span={span}")


@require_POST
def star_take_back(request, pk):
    star = get_object_or_404(Star.objects.visible_to(request.user).select_related("store", "staff"), pk=pk)
    actions.take_star_back(star=star, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The choice is taken back."))
    return redirect("appraisal:stars")


def _spans(store, now) -> list[Period | Quarter]:
    """Months and quarters that are over, the latest first; a quarter before its last month."""
    month = Period.of(now, store.tz)
    months = [month.shifted(-number) for number in range(1, MONTHS + 1)]
    quarter = Quarter.of(month.first_day)
    quarters = [quarter.shifted(-number) for number in range(1, QUARTERS + 1)]
    return sorted([*months, *quarters], key=lambda one: (one.last_day, one.days), reverse=True)


def _span(text: str) -> Period | Quarter:
    try:
        return Quarter.parse(text) if "Q" in text else Period.parse(text)
    except ValueError as error:
        raise Http404 from error
