"""Statements and the explanation of each amount, to the manager and to whom they belong."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from commission import queries
from commission.models import Statement, StatementLine
from commission.views.checks import own_parts
from dealer_crm.ui.paging import keyset_page


def statement(request, pk):
    slips = queries.with_lines(Statement.objects.visible_to(request.user).select_related("run__store", "staff", "team"))
    slip = get_object_or_404(slips, pk=pk)
    return _statement_page(request, slip, back=reverse("commission:run", args=[slip.run_id]))


def own_statements(request):
    return render(
        request, "commission/own.html", {"page": keyset_page(queries.own_statements(request.user), request.GET)}
    )


def own_statement(request, pk):
    slips = queries.with_lines(queries.own_statements(request.user))
    slip = get_object_or_404(slips, pk=pk)
    parts = own_parts(slip, timezone.now())
    return _statement_page(request, slip, line_url="commission:own_line", back=reverse("commission:own"), **parts)


def _statement_page(request, slip, *, back, line_url="commission:line", **parts):
    lines = [
        (line, queries.explanation_of(line.explanation), reverse(line_url, args=[line.pk])) for line in slip.lines.all()
    ]
    context = {"slip": slip, "run": slip.run, "lines": lines, "back": back, **parts}
    return render(request, "commission/statement.html", context)


def line(request, pk):
    return _line_page(request, StatementLine.objects.visible_to(request.user), pk)


def own_line(request, pk):
    lines = StatementLine.objects.filter(statement__in=queries.own_statements(request.user))
    return _line_page(request, lines, pk, is_own=True)


def own_figure(request, pk, part, key):
    """A figure behind an amount of one's own: the pool it is a share of, and what that is made of."""
    slip = get_object_or_404(queries.own_statements(request.user), pk=pk)
    if (part, key) not in queries.figures_behind(slip):
        raise Http404
    found = queries.kept_figure(slip.run, part, key)
    return explanation_page(request, slip.run, found["title"], "", found["explanation"], slip=slip)


def _line_page(request, lines, pk, *, is_own=False):
    lines = lines.select_related("run__store", "statement__staff", "correction__corrected_run", "corrects")
    found = get_object_or_404(lines, pk=pk)
    story = queries.correction_story(found) if found.correction else None
    person, slip = str(found.statement.staff), found.statement if is_own else None
    return explanation_page(request, found.run, _(found.name), person, found.explanation, story, slip=slip)


def explanation_page(request, run, title, person, kept, story=None, *, slip=None):
    """`story`: of a correction, what it corrects and why. `slip`: the own statement of who reads it."""
    explained, documents = queries.explanation_of(kept), queries.documents_of(kept, run, request.user)
    context = {
        "run": run, "title": title, "person": person, "explained": explained, "story": story,
        "values": _linked(explained.values, kept, run, slip), "shares": _named(explained.shares),
        "rows": [(row, documents.get(row.number, "")) for row in explained.rows],
    }  # fmt: skip
    template = "commission/explanation.html#dialog" if request.htmx else "commission/explanation.html"
    return render(request, template, context)


def _linked(values, kept, run, slip):
    """Values with the address of the figure each of them is; "" where it has no story but the one told here."""
    places = queries.figure_places(run)
    places = {name: place for name, place in places.items() if queries.kept_figure(run, *place)["explanation"] != kept}
    at, of = ("commission:own_figure", slip.pk) if slip else ("commission:figure_explanation", run.pk)
    return [
        (name, value, reverse(at, args=[of, *places[figure]]) if figure in places else "")
        for name, value, figure in values
    ]


def _named(shares):
    """Who shares, by number and name; one alone shares with nobody."""
    names = queries.names_of(key for key, _weight, _own in shares) if len(shares) > 1 else {}
    return [(key, names.get(key, ""), weight, own) for key, weight, own in shares if len(shares) > 1]
