"""One complaint: its page, and the steps of its loop."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import actions, queries
from complaints.choices import StepKind
from complaints.forms import (
    ArrangeForm,
    DecisionForm,
    EvidenceForm,
    KeptForm,
    PauseForm,
    ShareFormSet,
    VerdictForm,
    WordsForm,
)
from complaints.models import Complaint
from complaints.views.judging import case_parts
from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from dealer_crm.values.phone import national_phone


def complaint_page(request, pk):
    complaint = _visible(request, pk)
    now, steps = timezone.now(), list(complaint.steps.select_related("by").order_by("id"))
    arrangements = list(complaint.arrangements.select_related("made_by", "ended_by").order_by("-pk"))
    arrangement = next((one for one in arrangements if one.ended_at is None), None)
    open_steps = queries.steps_open_to(complaint, request.user)
    acts = queries.acts_open_to(complaint, request.user, arrangement)
    context = {
        "complaint": complaint,
        "missing": queries.missing_of(complaint, arrangement),
        "arrangements": arrangements,
        "evidence": complaint.evidence.select_related("file", "added_by"),
        "evidence_form": EvidenceForm(),
        "concerned": complaint.concerned.order_by("work_number"),
        "callers": queries.customers_of_caller(complaint, request.user) if StepKind.AMEND in acts else [],
        "loop": queries.loop_of(complaint, steps),
        "story": queries.story_of(steps),
        "alarms": complaint.alarms.order_by("raised_at", "pk"),
        "responsibilities": complaint.responsibilities.select_related("staff").order_by("-share", "pk"),
        "now": now,
        "open": {step.value for step in open_steps},
        "acts": {act.value for act in acts},
        "forms": {step.kind.value: step.form(complaint) for step in STEPS.values() if step.kind in open_steps | acts},
        "shares": ShareFormSet(prefix="shares", form_kwargs={"complaint": complaint}),
        "may_reveal": request.user.can(Permission.PHONE_REVEAL),
        "may_open_order": queries.may_open_order(request.user),
        "may_open_customer": queries.may_open_customer(request.user),
        "phone": complaint.customer.phones.first() if complaint.customer else None,
        "judging": case_parts(request.user, complaint),
        "offered": queries.knowledge_of_case(complaint) if _may_use_knowledge(request.user, open_steps) else [],
    }
    return render(request, "complaints/complaint.html", context)


@require_POST
def caller_phone(request, pk):
    """The whole number of who complained, to who says what for."""
    number = actions.reveal_caller(
        complaint=_visible(request, pk), reason=request.POST.get("reason", ""), by=request.user, at=timezone.now()
    )
    messages.info(request, national_phone(number))
    return redirect("complaints:complaint", pk)


@dataclass(frozen=True)
class Step:
    """One step of the loop as the page offers it: its form, the action it calls, what is said when it worked."""

    kind: StepKind
    form: Callable
    action: Callable
    said: str


def _verdict(name, yes, no, **more):
    return lambda complaint, posted=None: VerdictForm(posted, name=name, yes=yes, no=no, **more)


STEPS = {
    "reply": Step(
        StepKind.REPLY, lambda complaint, posted=None: WordsForm(posted), actions.reply_to_customer,
        gettext_lazy("The reply is kept."),
    ),
    "advise": Step(
        StepKind.ADVICE, lambda complaint, posted=None: WordsForm(posted), actions.advise,
        gettext_lazy("Your advice is with the manager."),
    ),
    "decide": Step(
        StepKind.DECISION,
        lambda complaint, posted=None: DecisionForm(
            posted, complaint=complaint, initial=queries.decision_so_far(complaint)
        ),
        actions.decide,
        gettext_lazy("The owner is told."),
    ),
    "remedy": Step(
        StepKind.REMEDY, lambda complaint, posted=None: WordsForm(posted), actions.remedy,
        gettext_lazy("The remedy awaits the manager's check."),
    ),
    "check": Step(
        StepKind.CHECK,
        _verdict("is_good", gettext_lazy("Good: ask the customer"), gettext_lazy("Not good: back to the owner")),
        actions.check_remedy,
        gettext_lazy("The check is kept."),
    ),
    "ask": Step(
        StepKind.ASK,
        _verdict("is_satisfied", gettext_lazy("Satisfied: close"), gettext_lazy("Not satisfied: next round")),
        actions.ask_customer,
        gettext_lazy("The customer's answer is kept."),
    ),
    "close": Step(
        StepKind.CLOSE, lambda complaint, posted=None: WordsForm(posted), actions.close_unsatisfied,
        gettext_lazy("The case is closed."),
    ),
    "pause": Step(
        StepKind.PAUSE, lambda complaint, posted=None: PauseForm(posted), actions.pause_clock,
        gettext_lazy("The clock stands."),
    ),
    "resume": Step(
        StepKind.RESUME, lambda complaint, posted=None: None, actions.resume_clock,
        gettext_lazy("The clock goes on."),
    ),
    "arrange": Step(
        StepKind.ARRANGE, lambda complaint, posted=None: ArrangeForm(posted), actions.arrange,
        gettext_lazy("The time agreed on is kept; you will be reminded of it."),
    ),
    "kept": Step(
        StepKind.KEPT, lambda complaint, posted=None: KeptForm(posted), actions.keep_arrangement,
        gettext_lazy("What came of it is written down."),
    ),
    "verify": Step(
        StepKind.VERIFY,
        _verdict("is_verified", gettext_lazy("True"), gettext_lazy("Not true"), is_reasoned=True),
        actions.verify_complaint,
        gettext_lazy("The decision is kept."),
    ),
}  # fmt: skip


def step_taken(name: str):
    """The view that takes one step: `step_taken("advise")`. A refusal becomes a toast and the page stays as typed."""
    step = STEPS[name]

    def take(request, pk):
        complaint = _visible(request, pk)
        if request.method == "POST":
            said = _said(step, complaint, request)
            step.action(complaint=complaint, **said, by=request.user, at=timezone.now())
            messages.success(request, step.said)
        return redirect("complaints:complaint", pk)

    take.__name__ = f"complaint_{name}"
    return take


def _said(step: Step, complaint: Complaint, request) -> dict:
    """What the form of a step says, as arguments of its action."""
    version = request.POST.get("version", "")
    said = {"expected_version": int(version)} if version.isdigit() else {}
    form = step.form(complaint, request.POST)
    if form is not None:
        said |= _valid(form)
    if step.kind == StepKind.VERIFY:
        said["shares"] = _shares(complaint, request)
    return said


def _shares(complaint: Complaint, request) -> dict:
    rows = ShareFormSet(request.POST, prefix="shares", form_kwargs={"complaint": complaint})
    if not rows.is_valid():
        raise Refusal(_("Give each person concerned a share in percent."), field="shares")
    given = [row.cleaned_data for row in rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]
    return {row["person"]: row["percent"] / 100 for row in given if row.get("person")}


def _valid(form) -> dict:
    if form.is_valid():
        return form.cleaned_data
    name, problems = next(iter(form.errors.items()))
    label = form.fields[name].label if name in form.fields else ""
    raise Refusal(f"{label}: {problems[0]}" if label else problems[0], field=name)


def _may_use_knowledge(staff, open_steps) -> bool:
    """What is known of such matters is offered to who has to say or do something about this one."""
    acting = {StepKind.REPLY, StepKind.ADVICE, StepKind.DECISION, StepKind.REMEDY}
    return bool(open_steps & acting) and staff.can(Permission.KNOWLEDGE_VIEW)


def _visible(request, pk) -> Complaint:
    return get_object_or_404(Complaint.objects.visible_to(request.user).with_people(), pk=pk)
