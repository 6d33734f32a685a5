"""The month's figures and the responses behind them."""

from urllib.parse import urlencode

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Period
from satisfaction import queries
from satisfaction.forms import MonthFilter, ResponseFilter
from satisfaction.models import Response
from satisfaction.queries import MonthFigures, Scope
from satisfaction.views.charts import factors_chart, steps_chart
from satisfaction.views.scopes import asked, chips_of


def month(request):
    """The index of a month with its sample, interval, target and the month before; factors, steps, people."""
    scope, form = _scope(request)
    context = {"filter_form": form, "scope": scope}
    if scope is not None:
        figures = queries.month_figures(scope)
        context |= {
            "month": figures,
            "behind": _behind(figures),
            "factors_chart": factors_chart(figures),
            "steps_chart": steps_chart(figures),
            "may_plan": request.user.can(Permission.IMPROVEMENT_CHANGE),
            "may_download": request.user.can(Permission.REPORT_VIEW),
        }
    template = "satisfaction/month.html#figures" if request.htmx else "satisfaction/month.html"
    return render(request, template, context)


def response_list(request):
    """The responses behind a figure: of a span, narrowed as the figure was; with `most` those with low scores."""
    form = asked(request, ResponseFilter)
    scope = form.scope()
    rows = queries.responses_matching(request.user, scope, most=scope and form.cleaned_data["most"])
    page = keyset_page(rows, request.GET, order=("-answered_at", "-pk"))
    context = {
        "filter_form": form,
        "page": page,
        "rows": queries.with_scores(page.rows),
        "chips": chips_of(form),
        "most": scope and form.cleaned_data["most"],
        "whole": f"?{form.address(most='')}",
    }
    template = "satisfaction/responses.html#rows" if request.htmx else "satisfaction/responses.html"
    return render(request, template, context)


def response_page(request, pk):
    responses = (
        Response.objects.visible_to(request.user)
        .of_customers()
        .select_related("version__questionnaire", "order__vehicle", "customer", "advisor", "taken_by", "store")
    )
    response = get_object_or_404(responses, pk=pk)
    return render(
        request, "satisfaction/response.html", {"response": response, "answers": queries.answers_of(response)}
    )


def _behind(figures: MonthFigures) -> str:
    """The responses the month's figures are made of; a row adds its own factor, step or advisor."""
    scope, factors = figures.scope, figures.factors
    said = {
        "store": scope.store.code,
        "period": scope.period,
        "advisor": scope.advisor_id,
        "order_kind": scope.order_kind,
        "questionnaire": factors[0].question.version.questionnaire.code if factors else "",
    }
    return f"{reverse('satisfaction:responses')}?{urlencode({name: value for name, value in said.items() if value})}"


def _scope(request) -> tuple[Scope | None, MonthFilter]:
    """The month asked for, or this one; the person's own store unless another they may see is chosen."""
    stores = stores_to_choose(request.user)
    asked = {"period": str(Period.of(timezone.now())), **request.GET.dict()}
    first = request.user.store or next(iter(stores), None)
    own = next((store for store in stores if store.code == asked.get("store")), first)
    asked["store"] = own.code if own else ""
    advisors = Staff.objects.filter(store=own, positions__post__in=[Post.ADVISOR, Post.ADVISOR_ASSISTANT]).distinct()
    form = MonthFilter(asked, stores=stores, advisors=advisors)
    if own is None or not form.is_valid():
        return None, form
    advisor = form.cleaned_data["advisor"]
    return (
        Scope(own, form.cleaned_data["period"], advisor.pk if advisor else None, form.cleaned_data["order_kind"]),
        form,
    )
