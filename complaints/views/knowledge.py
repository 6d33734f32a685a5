"""The knowledge base: found, read, written, approved, and offered while a complaint is typed."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import actions, queries
from complaints.forms.judging import KnowledgeFilter, KnowledgeForm
from complaints.models import Complaint, KnowledgeEntry
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.values import Refusal


def knowledge(request):
    form = KnowledgeFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.knowledge_matching(request.user, **wanted)
    context = {
        "filter_form": form,
        "page": keyset_page(rows, request.GET, order=("-used_count", "-pk")),
        "is_waiting": wanted.get("state") == "waiting",
        "may_write": request.user.can(Permission.KNOWLEDGE_WRITE),
        "waiting": queries.knowledge_waiting_count(request.user),
    }
    template = "complaints/knowledge.html#rows" if request.htmx else "complaints/knowledge.html"
    return render(request, template, context)


def entry(request, pk):
    """One entry: what holds, what waits, every version."""
    found = _entry(request, pk)
    versions = list(found.versions.select_related("written_by", "approved_by"))
    waiting = versions[0] if versions[0].approved_at is None and found.withdrawn_at is None else None
    context = {
        "entry": found,
        "shown": found.current or versions[0],
        "waiting": waiting,
        "versions": versions,
        "may_write": request.user.can(Permission.KNOWLEDGE_WRITE) and found.withdrawn_at is None,
        "may_approve": request.user.can(Permission.KNOWLEDGE_APPROVE) and found.withdrawn_at is None,
        "may_open_case": request.user.can(Permission.COMPLAINT_VIEW),
    }
    return render(request, "complaints/knowledge_entry.html", context)


def entry_new(request):
    form = KnowledgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = {"store": store_of(request.user), **form.cleaned_data}
        made = actions.write_knowledge(**facts, by=request.user, at=timezone.now())
        messages.success(request, _said(made))
        return redirect("complaints:knowledge_entry", made.pk)
    context = {"form": form}
    return render(request, "complaints/knowledge_form.html", context, status=422 if form.errors else 200)


def entry_edit(request, pk):
    """Write a new version of an entry, from the newest one on."""
    found = _entry(request, pk)
    newest = found.versions.first()
    words = {name: getattr(newest, name) for name in ("phenomenon", "cause", "remedy", "wording")}
    form = KnowledgeForm(request.POST or None, initial={"category": found.category, **words})
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_knowledge(
                entry=found, **form.cleaned_data, by=request.user, at=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
            messages.success(request, _said(changed))
            return redirect("complaints:knowledge_entry", pk)
        except Refusal as refusal:
            form.add_error(refusal.field, str(refusal))
    context = {"form": form, "entry": found}
    return render(request, "complaints/knowledge_form.html", context, status=422 if form.errors else 200)


@require_POST
def entry_approve(request, pk):
    actions.approve_knowledge(
        entry=_entry(request, pk), by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("It holds now and is offered to everybody."))
    return redirect("complaints:knowledge_entry", pk)


@require_POST
def entry_withdraw(request, pk):
    actions.withdraw_knowledge(
        entry=_entry(request, pk), by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("It is offered to nobody any more."))
    return redirect("complaints:knowledge")


@require_POST
def entry_use(request, pk):
    """Counted as helpful; the same lines come back with thanks."""
    found = _entry(request, pk)
    actions.use_knowledge(entry=found, by=request.user, at=timezone.now())
    return render(request, "complaints/knowledge_used.html", {"one": found.current})


def offered(request):
    """The lines for what is being typed: a fragment for the sheet of a complaint and for the callback desk.

    `?category=`, and the words in whatever fields they are typed in; `?brief=1`: folded, where there is little room.
    """
    asked = request.GET
    words = " ".join(words for name in asked if name not in ("category", "brief") for words in asked.getlist(name))
    found = queries.knowledge_for(store_of(request.user), category=queries.category_asked(asked), text=words[:2000])
    return render(request, "complaints/knowledge_offered.html", {"offered": found, "is_brief": "brief" in asked})


@require_POST
def draft(request, pk):
    """A draft out of a closed case, in one press."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user), pk=pk)
    made = actions.draft_from_case(complaint=complaint, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is made; take out names before it is approved."))
    return redirect("complaints:knowledge_edit", made.pk)


def _said(entry: KnowledgeEntry) -> str:
    newest = entry.versions.first()
    return _("It holds now and is offered to everybody.") if newest.approved_at else _("It waits for the supervisor.")


def _entry(request, pk) -> KnowledgeEntry:
    rows = KnowledgeEntry.objects.visible_to(request.user).select_related("current__written_by", "source", "store")
    return get_object_or_404(rows, pk=pk)
