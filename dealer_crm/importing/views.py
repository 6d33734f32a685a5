from datetime import timedelta

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dealer_crm.importing import actions, queries
from dealer_crm.importing.choices import TO_BE_ASSIGNED, RunState
from dealer_crm.importing.forms import LayoutForm, SourceForm, WorkbookForm
from dealer_crm.importing.layout import Layout
from dealer_crm.importing.reports import blank_workbook, problem_list, refused_rows
from dealer_crm.importing.tasks import go_on_with_import
from dealer_crm.later import later
from dealer_crm.reporting.actions import record_export
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
    return render(request, "importing/runs.html", _list_context(request, _file_form(request)))


@require_POST
def bring(request):
    form = _file_form(request, request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = actions.bring_workbook(
                content=file.read(), file_name=file.name, store=request.user.store, language=get_language(),
                source=form.cleaned_data.get("source"), by=request.user, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            _wake(run)
            return redirect("importing:run", run.pk)
    return render(request, "importing/runs.html", _list_context(request, form), status=422)


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
    return render(request, template, _run_context(run, request.GET, request.user))


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
    answer = StreamingHttpResponse(
        to_csv(problem_list(run, queries.problems_shown(run, run.problems, reader=request.user)).sheets[0]),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}-problems.csv"'
    return answer


@require_safe
def refused(request, pk):
    """The refused rows with the reasons beside them, to be mended and brought again."""
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    if not queries.sees_file(run, request.user):
        raise Refusal(
            _("%(name)s brought this file; nobody else can take its rows out.") % {"name": run.brought_by.name},
            code="not_your_file",
        )
    name = f"import-{run.pk}-refused.xlsx"
    book = refused_rows(run, queries.sheets_of(run))
    record_export(subject=run, title=name, form="xlsx", by=request.user, at=timezone.now())
    return FileResponse(book, as_attachment=True, filename=name)


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, pk):
    """How the columns of a stranger's file are ours, with a sample of its rows beside."""
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    if run.state not in TO_BE_ASSIGNED:
        return redirect("importing:run", pk)
    form = _layout_form(request, run)
    if request.method == "POST" and request.POST.get("do") == "save" and form.is_valid():
        try:
            actions.assign_columns(
                run=run, name=form.name.cleaned_data["name"], layout=form.layout(), by=request.user, at=timezone.now()
            )
        except Refusal as refusal:
            form.refusal = refusal
        else:
            _wake(queries.runs_of(request.user).get(pk=pk))
            return redirect("importing:run", pk)
    is_wrong = request.method == "POST" and request.POST.get("do") == "save"
    return render(request, "importing/columns.html", {"run": run, "form": form}, status=422 if is_wrong else 200)


@require_POST
def undo(request, pk):
    run = get_object_or_404(queries.runs_of(request.user), pk=pk)
    actions.undo_run(run=run, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    messages.success(request, _("The import is taken back."))
    return redirect("importing:run", pk)


@require_safe
def source_list(request):
    """Whose files are recognised by themselves."""
    return render(request, "importing/sources.html", {"sources": queries.sources_of(request.user)[:200]})


@require_http_methods(["GET", "HEAD", "POST"])
def source(request, pk):
    """One source: its columns as they are assigned; its name can be changed."""
    source = get_object_or_404(queries.sources_of(request.user), pk=pk)
    form = SourceForm(request.POST or None, initial={"name": source.name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_source(source=source, by=request.user, at=timezone.now(), **form.cleaned_data)
            return redirect("importing:sources")
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"source": source, "form": form, "tables": queries.assigned_columns(source)}
    return render(request, "importing/source.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def source_remove(request, pk):
    source = get_object_or_404(queries.sources_of(request.user), pk=pk)
    actions.remove_source(source=source, by=request.user, at=timezone.now())
    return redirect("importing:sources")


@require_safe
def blank(request):
    """An empty workbook with every sheet and its headers."""
    return FileResponse(blank_workbook(), as_attachment=True, filename="import.xlsx")


def _file_form(request, *sent) -> WorkbookForm:
    return WorkbookForm(*sent, sources=queries.sources_of(request.user))


def _list_context(request, form) -> dict:
    page = keyset_page(queries.runs_of(request.user), request.GET)
    return {"form": form, "page": page, "sheets": queries.sheet_forms()}


def _layout_form(request, run) -> LayoutForm:
    """What was typed, else how the source has it, else a guess."""
    layout = Layout.of(run.source.layout) if run.source else Layout()
    name = run.source.name if run.source else ""
    store = run.store.code if run.store else ""
    posted = request.POST if request.method == "POST" else None
    return LayoutForm(
        queries.sheets_of(run), layout=layout, name=name, store=store, posted=posted,
        shows_rows=queries.sees_file(run, request.user),
    )  # fmt: skip


def _wake(run) -> None:
    if run.is_owed and run.content_size <= SMALL:
        actions.go_on(run_id=run.pk, at=timezone.now())
    elif run.is_owed:
        later(go_on_with_import, run.pk)


def _run_context(run, asked, reader) -> dict:
    steps = {
        RunState.WAITING: 0, RunState.CHECKING: 0, RunState.UNMAPPED: 0, RunState.REFUSED: 0, RunState.PREVIEWED: 1,
        RunState.DROPPED: 1, RunState.CONFIRMED: 2, RunState.WRITING: 2, RunState.DONE: 3, RunState.UNDONE: 3,
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
        "kinds": queries.kinds_of(run, chosen=asked.get("show", "")),
        "changes_anything": queries.changes_anything(run),
        "has_refused_rows": bool(queries.totals(run.counts)["refused"]) and queries.sees_file(run, reader),
        "is_undoable": queries.is_undoable(run, timezone.now()),
        "may_assign": run.state in TO_BE_ASSIGNED and (run.source is not None or run.state == RunState.UNMAPPED),
        "problems": []
        if asked.get("show")
        else queries.problems_shown(run, run.problems[:SHOWN_PROBLEMS], reader=reader),
        "notices": []
        if asked.get("show")
        else queries.problems_shown(run, run.notices[:SHOWN_PROBLEMS], reader=reader),
        "differences": queries.shown_differences(run, kind=asked.get("show", ""), reader=reader),
        "progress": progress_of(queries.progress_key(run.pk)) if run.is_owed else None,
    }


def _step_state(place: int, at: int) -> str:
    return "done" if place < at or at == 3 else "current" if place == at else "todo"
