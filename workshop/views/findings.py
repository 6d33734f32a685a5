"""What was found at the car beyond the order, and the pictures of it and of defects."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dealer_crm.files.answers import file_response, small_response
from dealer_crm.values import Refusal
from reception import actions as reception
from workshop import queries
from workshop.forms import FindingForm
from workshop.models import Job
from workshop.views.shared import said


def finding_new(request, pk):
    """From the job to the advisor, who prices it and asks the customer."""
    jobs = Job.objects.visible_to(request.user).select_related("order__vehicle", "order__store")
    job = get_object_or_404(jobs, pk=pk)
    form = FindingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            reception.propose_add_on(order=job.order, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The advisor is told and asks the customer."))
            return redirect("workshop:job", job.pk)
        except Refusal as refusal:
            said(form, refusal)
    return render(request, "workshop/finding_new.html", {"form": form, "job": job})


@require_safe
def finding_photo(request, pk):
    return _picture(request, get_object_or_404(queries.findings_visible_to(request.user), pk=pk))


@require_safe
def defect_photo(request, pk):
    return _picture(request, get_object_or_404(queries.defect_photos_visible_to(request.user), pk=pk))


def _picture(request, photo):
    """The picture as it is kept, or with `?small` one for a row of pictures."""
    return small_response(photo.file) if "small" in request.GET else file_response(photo.file)
