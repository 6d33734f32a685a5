from datetime import timedelta

from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.importing import actions, queries
from dealer_crm.importing.choices import RunState
from dealer_crm.importing.forms import WorkbookForm
from dealer_crm.importing.reports import blank_workbook, problem_list
from dealer_crm.importing.tasks import go_on_with_import
from dealer_crm.later import later
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.text_files import to_csv
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal

# Up to this size a step is done while the person waits for the page; above, a worker does it.
SMALL = 1 << 20
# A worker that has not come after this long is not coming: the page then does the step itself.
PATIENCE = timedelta(seconds=20)
SHOWN_PROBLEMS = 200


@require_safe
def run_list(request):
    """Bring a workbook, and what was brought before."""
    page = keyset_page(queries.runs_of(request.user), request.GET)
    return render(
        request, "importing/runs.html", {"form": WorkbookForm(), "page": page, "sheets": queries.sheet_forms()}
    )


@require_POST
def bring(request):
    form = WorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.bring_workbook(
                content=file.read(), file_name=file.name, store=request.user.store, language=get_language(),
                by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            _wake(run)
            return redirect("importing:run", run.pk)
    page = keyset_page(queries.runs_of(request.user), request.GET)
    context = {"form": form, "page": page, "sheets": queries.sheet_forms()}
    return render(request, "importing/runs.html", context, status=422)


@require_safe
def run_page(request, pk):
    """One import: its difference or its problems, and while the program is at work, how far it is."""
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    now = timezone.now()
    waits_since = run.confirmed_at or run.brought_at
    if run.is_owed and run.claimed_at is None and now - waits_since > PATIENCE:
        actions.go_on(run_id=run.pk, at=now)
        run = queries.runs_of(request.user).get(pk=pk)
    template = "importing/run.html#run" if request.htmx else "importing/run.html"
    return render(request, template, _run_context(run))


@require_POST
def confirm(request, pk):
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    run = actions.confirm_run(
        run=run, fingerprint=request.POST.get("fingerprint", ""), by=request.user, at=timezone.now()
    )
    _wake(run)
    return redirect("importing:run", pk)


@require_POST
def drop(request, pk):
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    actions.drop_run(run=run, by=request.user, at=timezone.now())
    return redirect("importing:runs")


@require_safe
def problems_csv(request, pk):
    """All problems as a file, to be worked off beside the workbook."""
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    answer = StreamingHttpResponse(to_csv(problem_list(run).sheets[0]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}-problems.csv"'
    return answer


@require_safe
def blank(request):
    """An empty workbook with every sheet and its headers."""
    return FileResponse(blank_workbook(), as_attachment=True, filename="import.xlsx")


def _wake(run) -> None:
    if run.is_owed and run.content_size <= SMALL:
        actions.go_on(run_id=run.pk, at=timezone.now())
    elif run.is_owed:
        later(go_on_with_import, run.pk)


def _run_context(run) -> dict:
    steps = {
        RunState.WAITING: 0, RunState.CHECKING: 0, RunState.REFUSED: 0, RunState.PREVIEWED: 1, RunState.DROPPED: 1,
        RunState.CONFIRMED: 2, RunState.WRITING: 2, RunState.DONE: 3,
    }  # fmt: skip
    at = steps[RunState(run.state)]
    labels = [_("Check"), _("Look at the difference"), _("Write"), _("Done")]
    problem = run.state == RunState.REFUSED
    return {
        "run": run,
        "steps": [
            {"label": label, "state": "problem" if problem and place == at else _step_state(place, at)}
            for place, label in enumerate(labels)
        ],
        "totals": queries.totals(run.counts),
        "problems": run.problems[:SHOWN_PROBLEMS],
        "notices": run.notices[:SHOWN_PROBLEMS],
        "differences": [
            {"sheet": sheet, "rows": run.changes.get(sheet, []), "counts": counts}
            for sheet, counts in queries.in_order(run.counts)
        ],
        "progress": progress_of(queries.progress_key(run.pk)) if run.is_owed else None,
    }


def _step_state(place: int, at: int) -> str:
    return "done" if place < at or at == 3 else "current" if place == at else "todo"
