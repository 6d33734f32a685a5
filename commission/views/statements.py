"""Statements and the explanation of each amount, to the manager and to whom they belong."""

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
    return _line_page(request, StatementLine.objects.filter(statement__in=queries.own_statements(request.user)), pk)


def _line_page(request, lines, pk):
    lines = lines.select_related("run__store", "statement__staff", "correction__corrected_run", "corrects")
    found = get_object_or_404(lines, pk=pk)
    story = queries.correction_story(found) if found.correction else None
    return explanation_page(request, found.run, _(found.name), str(found.statement.staff), found.explanation, story)


def explanation_page(request, run, title, person, kept, story=None):
    """`story`: of a correction, what it corrects and why."""
    context = {
        "run": run, "title": title, "person": person, "explained": queries.explanation_of(kept), "story": story
    }  # fmt: skip
    template = "commission/explanation.html#dialog" if request.htmx else "commission/explanation.html"
    return render(request, template, context)
