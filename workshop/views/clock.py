"""Clocks that were forgotten, and putting clocks right."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.values import Refusal
from workshop import actions, queries
from workshop.forms import ClockForm
from workshop.views.shared import said


def forgotten_clocks(request):
    """Clocks the program closed at shift end in the last weeks."""
    return render(request, "workshop/clocks.html", {"entries": queries.forgotten_clocks(request.user, timezone.now())})


def clock_correct(request, pk):
    """A dialog: from when to when it really was, and how one knows."""
    entry = get_object_or_404(queries.stopped_clocks(request.user), pk=pk)
    form = ClockForm(request.POST or None, entry=entry)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_clock(entry=entry, by=request.user, at=timezone.now(), **form.correction())
            messages.success(request, _("The clock of %(person)s is right now.") % {"person": entry.technician})
            return redirect("workshop:clocks")
        except Refusal as refusal:
            said(form, refusal)
    template = "workshop/clock_correct.html#dialog" if request.htmx else "workshop/clock_correct.html"
    return render(request, template, {"form": form, "entry": entry}, status=422 if form.is_bound else 200)
