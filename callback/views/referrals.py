"""转单: the call sheet, one question with its story, answering what one is asked."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from callback import actions, queries
from callback.forms.referrals import AgreeForm, AnswerForm, HandOnForm, ReferralForm, ResultForm, SheetFilter
from callback.formulas import answer_by
from callback.models import CallTask, Contact, Referral
from callback.views.day import bounds
from dealer_crm.access.permissions import Permission
from dealer_crm.journal.queries import entries_about
from dealer_crm.journal.verbs import words_for
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import stores_visible_to
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.values import Refusal

NEWEST_FIRST = ("-asked_at", "-pk")
DAYS = 30
MOST_PRINTED = 500


def sheet(request):
    """一览表: call time, customer's view, handed to, handed back, agreed time, result."""
    now = timezone.now()
    form, rows = _asked_for(request, now)
    context = {"filter_form": form, "page": keyset_page(rows, request.GET, order=NEWEST_FIRST), "now": now}
    if request.htmx:
        return render(request, "callback/sheet.html#rows", context)
    store = request.user.store or stores_visible_to(request.user).first()
    context["days"] = DAYS
    context["figures"] = queries.referral_figures(store, now - timedelta(days=DAYS), now + timedelta(days=1), at=now)
    context["asked"] = request.GET.urlencode()
    return render(request, "callback/sheet.html", context)


def sheet_print(request):
    """The call sheet on paper, as it is narrowed."""
    _form, rows = _asked_for(request, timezone.now())
    return render(request, "callback/sheet_print.html", {"rows": rows.order_by(*NEWEST_FIRST)[:MOST_PRINTED]})


def referral(request, pk):
    """One question with its story and what may be done with it."""
    found, now = _visible(request, pk), timezone.now()
    may_work = request.user.can(Permission.CALL_TAKE) and found.is_open
    context = {
        "referral": found,
        "now": now,
        "story": [
            {"at": entry.at, "text": words_for(entry.verb), "by": entry.by_name, "detail": entry.note}
            for entry in entries_about(found).order_by("id")
        ],
        "answer_form": AnswerForm() if may_work and found.state == "asked" else None,
        "result_form": ResultForm() if may_work and found.state == "answered" else None,
        "agree_form": AgreeForm() if may_work else None,
        "hand_on_form": HandOnForm(people=_people(found.store), initial=_initial(found, now)) if may_work else None,
    }
    return render(request, "callback/referral.html", context)


def refer(request, pk):
    """A question out of the call, in the desk's dialog."""
    task = get_object_or_404(CallTask.objects.visible_to(request.user).select_related("store", "customer"), pk=pk)
    return _refer(request, task=task)


def refer_contact(request, pk):
    """A question out of a contact that is over, above all one that came in."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("store", "customer"), pk=pk)
    return _refer(request, contact=contact)


def _refer(request, *, task=None, contact=None):
    source, now = task or contact, timezone.now()
    note = request.GET.get("note", "") or (contact.note if contact else "")
    initial = {"question": note, "answer_by": _answer_by(source.store, now)}
    form = ReferralForm(request.POST or None, people=_people(source.store), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.refer(
                store=source.store, customer=source.customer, vehicle=source.vehicle, order=source.order, task=task,
                contact=contact, by=request.user, at=now, **form.cleaned_data,
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            if contact:
                messages.success(request, _("Handed on to %(person)s.") % {"person": made.person})
                return redirect("callback:referral", made.pk)
            answer = render(request, "callback/referral.html#referred", {"referral": made})
            return trigger_client_event(answer, "close-dialog")
    context = {"refer_form": form, "source": source, "task": task, "contact": contact, "action": request.path}
    return render(request, "callback/referral.html#refer", context, status=422 if form.errors else 200)


def my_questions(request):
    """What this person is asked by customers through the call centre."""
    return render(
        request, "callback/my_questions.html", {"rows": queries.questions_for(request.user), "now": timezone.now()}
    )


def answer(request, pk):
    """The question, for whoever is asked, and the answer."""
    found = get_object_or_404(queries.call_sheet(request.user), pk=pk)
    is_asked = found.person_id == request.user.pk
    if not is_asked and not request.user.can(Permission.CALL_TAKE):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        actions.answer_referral(
            referral=found, answer=valid(form)["answer"], by=request.user, at=timezone.now(),
            expected_version=version_of(request),
        )  # fmt: skip
        messages.success(request, _("Thank you. The agent tells the customer."))
        return redirect("callback:my_questions" if is_asked else "callback:sheet")
    return render(request, "callback/answer.html", {"referral": found, "form": form, "now": timezone.now()})


@require_POST
def hand_on(request, pk):
    found = _visible(request, pk)
    said = valid(HandOnForm(request.POST, people=_people(found.store)))
    actions.hand_on_referral(referral=found, **said, **_by(request))
    messages.success(request, _("Handed on to %(person)s.") % {"person": said["person"]})
    return redirect("callback:referral", pk)


@require_POST
def agree(request, pk):
    actions.agree_on_time(referral=_visible(request, pk), **valid(AgreeForm(request.POST)), **_by(request))
    messages.success(request, _("The time is agreed on."))
    return redirect("callback:referral", pk)


@require_POST
def confirm(request, pk):
    actions.confirm_referral(referral=_visible(request, pk), **valid(ResultForm(request.POST)), **_by(request))
    messages.success(request, _("Confirmed with the customer."))
    return redirect("callback:referral", pk)


@require_POST
def withdraw(request, pk):
    actions.withdraw_referral(referral=_visible(request, pk), reason=request.POST.get("reason", ""), **_by(request))
    messages.success(request, _("The referral is withdrawn."))
    return redirect("callback:referral", pk)


def _by(request) -> dict:
    return {"by": request.user, "at": timezone.now(), "expected_version": version_of(request)}


def _asked_for(request, now):
    form = SheetFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    begin, until = bounds(request.user.store, said.get("first"), said.get("last"))
    wanted = {"view": said.get("view", ""), "department": said.get("department", ""), "begin": begin, "until": until}
    return form, queries.sheet_matching(request.user, at=now, **wanted)


def _visible(request, pk) -> Referral:
    return get_object_or_404(queries.call_sheet(request.user), pk=pk)


def _people(store):
    return Staff.objects.filter(store=store, is_active=True).order_by("work_number")


def _initial(found: Referral, now) -> dict:
    return {"department": found.department, "person": found.person_id, "answer_by": _answer_by(found.store, now)}


def _answer_by(store, now):
    plan = queries.call_plan(store, now.astimezone(store.tz).date())
    return answer_by(now, plan.answer_within, plan.hours)
