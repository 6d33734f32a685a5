"""The agent's desk: one call after another without loading a page."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from callback import actions, queries
from callback.choices import ASKS_RESULT, NO_MORE, SUPERVISED, Outcome
from callback.forms import CallComplaintForm, OutcomeForm
from callback.forms.records import facts_said
from callback.formulas import propose_times
from callback.models import CallTask
from callback.views.day import day_of
from complaints.models import Complaint
from complaints.queries import first_words
from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal
from dealer_crm.values.phone import national_phone
from dealer_crm.workdays.queries import work_calendar


def call(request):
    """The call the agent is on, or an empty desk."""
    return render(request, "callback/call.html", _desk(request, queries.current_call(request.user)))


@require_POST
def next_call(request):
    """The next call of the queue; `re_check`: the next talk a supervisor re-checks."""
    claim = actions.claim_re_check if "re_check" in request.POST else actions.claim_next
    return _answer(request, claim(by=request.user, at=timezone.now()), was_asked=True)


@require_POST
def take(request, pk):
    """Take one certain call out of turn, from the queue's list."""
    actions.claim_task(task=_visible(request, pk), by=request.user, at=timezone.now())
    return redirect("callback:call")


@require_POST
def release(request, pk):
    """Put one's own call back and leave the desk."""
    task = _visible(request, pk)
    if task.claimed_by_id == request.user.pk:
        actions.release_claim(task=task, by=request.user, at=timezone.now())
        messages.info(request, _("The call is back in the queue."))
    return _answer(request, None)


@require_POST
def keep(request, pk):
    """The agent is still typing: the claim goes on. When it can't, the page says why and asks no more."""
    task = _visible(request, pk)
    if actions.keep_claim(task=task, by=request.user, at=timezone.now()):
        return HttpResponse(status=204)
    return render(request, "callback/call.html#gone", {"task": task})


@require_POST
def phone(request, pk):
    number = actions.reveal_number(task=_visible(request, pk), by=request.user, at=timezone.now())
    return render(request, "callback/call.html#number", {"number": national_phone(number), "dial": number})


@require_POST
def outcome(request, pk):
    """Write the outcome down and hand over the next call at once."""
    task, at = _visible(request, pk), timezone.now()
    desk = queries.desk(task, request.user, at=at)
    form = OutcomeForm(request.POST, questions=desk.questions)
    if not form.is_valid():
        raise Refusal(_("Something is not filled in right."), details=_errors(form))
    said = form.cleaned_data
    actions.record_outcome(
        task=task,
        outcome=said["outcome"],
        by=request.user,
        at=at,
        note=said["note"],
        answers=form.answers,
        was_on_time=said["was_on_time"],
        is_satisfied=said["is_satisfied"],
        next_at=form.agreed_at if said["outcome"] == Outcome.CALL_LATER else None,
        no_more=said["no_more"],
        no_call_reason=said["no_call_reason"],
        complaint=_complaint_of(request, said["complaint"]),
        category=said["category"],
        facts=facts_said(request.POST),
        together=[int(pk) for pk in request.POST.getlist("together") if pk.isdecimal() and len(pk) < 19],
        token=said["token"],
    )
    claim = actions.claim_re_check if task.rule.code in SUPERVISED else actions.claim_next
    following = None if said["pause"] else claim(by=request.user, at=at)
    # Said in the desk itself: a toast would lie over the buttons of the next call.
    return _answer(
        request,
        following,
        was_asked=not said["pause"],
        said=_("%(customer)s: %(outcome)s") % {"customer": desk.customer, "outcome": Outcome(said["outcome"]).label},
    )


def complaint(request, pk):
    """A complaint filled in from the call, in the page's dialog."""
    task = _visible(request, pk)
    form = CallComplaintForm(request.POST or None, initial={"description": request.GET.get("note", "")})
    if request.method == "POST" and form.is_valid():
        raised = actions.raise_complaint(task=task, by=request.user, at=timezone.now(), **form.cleaned_data)
        answer = render(request, "callback/call.html#raised", {"raised": raised})
        return trigger_client_event(answer, "close-dialog")
    context = {
        "complaint_form": form,
        "task": task,
        "desk": queries.desk(task, request.user, at=timezone.now()),
        "first_words": first_words(task.store, at=timezone.now()),
    }
    return render(request, "callback/call.html#complaint", context, status=422 if form.errors else 200)


def _visible(request, pk) -> CallTask:
    return get_object_or_404(
        CallTask.objects.visible_to(request.user).select_related("rule", "store", "claimed_by"), pk=pk
    )


def _complaint_of(request, pk) -> Complaint | None:
    return get_object_or_404(Complaint.objects.visible_to(request.user), pk=pk) if pk else None


def _errors(form) -> list[str]:
    return [f"{form.fields[name].label or name}: {error}" for name, errors in form.errors.items() for error in errors]


def _answer(request, task: CallTask | None, *, was_asked=False, said=""):
    if not request.htmx:
        if said:
            messages.success(request, said)
        return redirect("callback:call")
    return render(request, "callback/call.html#desk", {**_desk(request, task, was_asked), "said": said})


def _desk(request, task: CallTask | None, was_asked=False) -> dict:
    """What the desk shows; `was_asked`: a next call was wanted, so an empty desk says that none is due."""
    now = timezone.now()
    if task is None:
        return {
            "counts": queries.queue_counts(request.user, at=now, day_ends_at=day_of(request.user.store, now)[1]),
            "agreed": queries.with_hold(
                queries.my_agreed_calls(request.user, until=day_of(request.user.store, now)[1])
            ),
            "re_checks": queries.re_checks_waiting(request.user, now)
            if request.user.can(Permission.CALL_ASSIGN)
            else 0,
            "was_asked": was_asked,
            "now": now,
        }
    desk = queries.desk(task, request.user, at=now)
    plan = queries.call_plan(desk.task.store, now.astimezone(desk.task.store.tz).date())
    return {
        "desk": desk,
        "task": desk.task,
        # Ids of their own for every call: htmx gives the cursor to a field of the same id, and the keys would be typed.
        "form": OutcomeForm(questions=desk.questions, initial={"token": uuid4()}, auto_id=f"call-{task.pk}-%s"),
        "is_on_line": desk.was_just_spoken_to(request.user, now),
        "asks_result": desk.task.rule.code in ASKS_RESULT,
        "no_more": NO_MORE,
        "is_quiet": plan.quiet.covers(now.astimezone(desk.task.store.tz)),
        "proposed": list(
            enumerate(
                propose_times(
                    now=now,
                    plan=plan.retries,
                    hours=plan.hours,
                    calendar=work_calendar(desk.task.store, now.date(), now.date()),
                    preferred_hour=desk.customer.contact_hour,
                ),
                start=1,
            )
        ),
        "now": now,
    }
