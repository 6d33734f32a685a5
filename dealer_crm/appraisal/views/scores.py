"""Entering appraisal scores."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.appraisal import actions, queries
from dealer_crm.appraisal.forms import ScoresForm
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.fields import month_asked
from dealer_crm.values import Period


def scores(request):
    now, store = timezone.now(), store_of(request.user)
    period, month_form = month_asked(request.GET, Period.of(now).previous())
    people = queries.scored_people(store, period, by=request.user)
    known = queries.scores_of(store, period)
    form = ScoresForm(request.POST or None, people=people, scores=known)
    if request.method == "POST" and form.is_valid():
        for person, score in form.changed_scores():
            actions.set_score(staff=person, period=period, score=score, by=request.user, at=now)
        messages.success(request, _("The scores of %(month)s are kept.") % {"month": period})
        return redirect(f"{reverse('appraisal:scores')}?period={period}")
    return render(request, "appraisal/scores.html", {"form": form, "month_form": month_form, "period": period})
