"""满意度分析: figures told apart, what matters to customers, which changes are real."""

from django.shortcuts import render
from django.urls import reverse

from dealer_crm.access.permissions import Permission
from dealer_crm.values import Period
from satisfaction import queries
from satisfaction.choices import Dimension, Rhythm
from satisfaction.forms import AnalysisFilter, ControlFilter, ScopeFilter
from satisfaction.queries import Analysis
from satisfaction.views import charts
from satisfaction.views.scopes import asked, chips_of, tabs_of


def analysis(request):
    """The figures of a span by factor, advisor, technician, …, each row leading to its responses."""
    form = _with_questionnaire(asked(request, AnalysisFilter, by=Dimension.FACTOR))
    context = {"filter_form": form, "scope": form.scope(), "tabs": tabs_of("analysis", form), "chips": chips_of(form)}
    if context["scope"] is not None:
        figures = queries.analysis(context["scope"], Dimension(form.cleaned_data["by"]))
        may_plan = request.user.can(Permission.IMPROVEMENT_CHANGE) and request.user.store == context["scope"].store
        context |= {
            "figures": figures,
            "rows": _linked(figures, form),
            "chart": charts.analysis_chart(figures),
            "may_plan": may_plan and _is_month_of_factors(figures),
        }
    template = "satisfaction/analysis.html#figures" if request.htmx else "satisfaction/analysis.html"
    return render(request, template, context)


def drivers(request):
    """Importance × performance of the factors, and the problem factors by their bad answers."""
    form = _with_questionnaire(asked(request, ScopeFilter))
    context = {"filter_form": form, "scope": form.scope(), "tabs": tabs_of("drivers", form), "chips": chips_of(form)}
    if context["scope"] is not None:
        figures = queries.drivers(context["scope"])
        context |= {
            "figures": figures,
            "importance_chart": charts.importance_chart(figures),
            "pareto_chart": charts.pareto_chart(figures),
            "behind": f"{reverse('satisfaction:responses')}?{form.address()}",
        }
    template = "satisfaction/analysis_drivers.html#figures" if request.htmx else "satisfaction/analysis_drivers.html"
    return render(request, template, context)


def control(request):
    """The share of dissatisfied customers and the index by week or month, with limits that follow from them."""
    form = _with_questionnaire(asked(request, ControlFilter, rhythm=Rhythm.WEEK))
    context = {"filter_form": form, "scope": form.scope(), "tabs": tabs_of("control", form), "chips": chips_of(form)}
    if context["scope"] is not None:
        figures = queries.control(context["scope"], Rhythm(form.cleaned_data["rhythm"]))
        context |= {
            "figures": figures,
            "share_chart": charts.control_chart(figures.dissatisfied, is_share=True),
            "index_chart": charts.control_chart(figures.index, is_share=False),
            "rows": list(zip(figures.dissatisfied.points, figures.index.points, strict=True)),
            "behind": f"{reverse('satisfaction:responses')}?{form.address(period='')}",
        }
    template = "satisfaction/analysis_control.html#figures" if request.htmx else "satisfaction/analysis_control.html"
    return render(request, template, context)


def _with_questionnaire(form: ScopeFilter) -> ScopeFilter:
    """Figures are of one questionnaire; without another chosen of the service CSI."""
    if form.data["questionnaire"] not in dict(form.fields["questionnaire"].choices) and form.questionnaires:
        form.data["questionnaire"] = form.questionnaires[0].code
    return form


def _linked(figures: Analysis, form: AnalysisFilter) -> list[dict]:
    """The rows, each with the address of its responses and of the same page narrowed to it."""
    responses, here, chart = (reverse(f"satisfaction:{name}") for name in ("responses", "analysis", "control"))
    found = []
    for row in figures.rows:
        key = row.code if figures.dimension == Dimension.STORE else row.key
        narrowed = {figures.dimension.value: key}
        deeper = {"by": Dimension.ADVISOR if figures.dimension == Dimension.FACTOR else Dimension.FACTOR}
        found.append(
            {
                "row": row,
                "behind": f"{responses}?{form.address(by='', **narrowed)}",
                "deeper": f"{here}?{form.address(**narrowed | deeper)}",
                "chart": f"{chart}?{form.address(by='', **narrowed)}",
            }
        )
    return found


def _is_month_of_factors(figures: Analysis) -> bool:
    return figures.dimension == Dimension.FACTOR and isinstance(figures.scope.period, Period)
