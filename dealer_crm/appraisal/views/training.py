"""培训: the list, planning, one session with who was there, a month by person."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dealer_crm.access.permissions import Permission
from dealer_crm.appraisal.actions import training as actions
from dealer_crm.appraisal.choices import TrainingState
from dealer_crm.appraisal.forms.site import staff_of
from dealer_crm.appraisal.forms.training import AttendanceForm, TrainingFilter, TrainingForm
from dealer_crm.appraisal.models import Training
from dealer_crm.appraisal.queries import training as queries
from dealer_crm.organization.choices import Post
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal


def trainings(request):
    form, now = TrainingFilter(request.GET), timezone.now()
    said = form.cleaned_data if form.is_valid() else {}
    found = queries.trainings_matching(request.user, at=now, **said)
    context = {
        "filter_form": form, "page": keyset_page(found, request.GET, order=("-starts_at", "-pk")), "now": now,
        "shows_store": request.user.sees_all_stores, "may_plan": _may_plan(request),
    }  # fmt: skip
    return render(request, "appraisal/trainings.html#rows" if request.htmx else "appraisal/trainings.html", context)


def training_new(request):
    store_of(request.user)
    return _plan(request, None)


def training_edit(request, pk):
    return _plan(request, _training(request, pk))


def _plan(request, training):
    store = training.store if training else request.user.store
    initial = None
    if training:
        initial = {name: getattr(training, name) for name in TrainingForm.base_fields if name != "people"}
        initial["people"] = list(training.seats.values_list("staff", flat=True))
    form = TrainingForm(request.POST or None, people=staff_of(store), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.plan_training(
                store=store, training=training, **form.cleaned_data, by=request.user, at=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The training is planned."))
            return redirect("appraisal:training", kept.pk)
    back = reverse("appraisal:training", args=[training.pk]) if training else reverse("appraisal:trainings")
    context = {"form": form, "training": training, "back": back}
    return render(request, "appraisal/training_form.html", context, status=422 if form.errors else 200)


def training(request, pk):
    """One session; who plans trainings notes here who was there, others see their own result."""
    found, now = _training(request, pk), timezone.now()
    may_plan = _may_plan(request) and found.store_id == request.user.store_id
    seats = queries.seats_of(found, post_on=found.starts_at.astimezone(found.store.tz).date())
    may_note = may_plan and found.starts_at <= now and found.state != TrainingState.CALLED_OFF
    for seat in seats:
        seat.post_label = Post(seat.post).label if seat.post else ""
        seat.is_shown = may_plan or seat.staff_id == request.user.pk or request.user.can(Permission.SCORE_CHANGE)
    context = {
        "training": found, "seats": seats, "may_plan": may_plan and found.state == TrainingState.PLANNED,
        "form": _attendance(None, found, seats) if may_note else None,
    }  # fmt: skip
    return render(request, "appraisal/training.html", context)


@require_POST
def training_held(request, pk):
    """Note who was there; refused, the page says whose row is wrong."""
    found = _training(request, pk)
    seats = queries.seats_of(found, post_on=found.starts_at.astimezone(found.store.tz).date())
    form = _attendance(request.POST, found, seats)
    if form.is_valid():
        try:
            actions.hold_training(
                training=found, noted=form.noted(), note=form.cleaned_data["note"], by=request.user, at=timezone.now(),
                expected_version=version_of(request),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("It is written down who was there."))
            return redirect("appraisal:training", pk)
    return render(request, "appraisal/training.html", {"training": found, "seats": seats, "form": form}, status=422)


@require_POST
def training_call_off(request, pk):
    actions.call_off_training(
        training=_training(request, pk), reason=request.POST.get("reason", ""), by=request.user, at=timezone.now(),
        expected_version=version_of(request),
    )  # fmt: skip
    messages.success(request, _("The training is called off; who was invited is told."))
    return redirect("appraisal:trainings")


def training_month(request):
    """Who was trained in a month, and what the tests came to."""
    store, now = store_asked(request), timezone.now()
    period, form = month_asked(request.GET, Period.of(now, store.tz))
    rows = queries.trained_in_month(store, period)
    return render(
        request, "appraisal/training_month.html", {"store": store, "period": period, "filter_form": form, "rows": rows}
    )


def _attendance(posted, found, seats) -> AttendanceForm:
    return AttendanceForm(posted, seats=seats, has_test=found.has_test, initial={"note": found.ended_note})


def _may_plan(request) -> bool:
    return request.user.can(Permission.TRAINING_CHANGE) and request.user.store_id is not None


def _training(request, pk) -> Training:
    return get_object_or_404(Training.objects.visible_to(request.user).select_related("store"), pk=pk)
