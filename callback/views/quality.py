"""通话品质: the week's sample, judging a call, seeing and answering a judgement."""

from datetime import datetime, time, timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from callback import actions, queries
from callback.forms.quality import CommentForm, ScoreForm
from callback.models import CallScore
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import valid, version_of
from dealer_crm.ui.stores import store_asked

WEEKS = 4


def quality(request):
    """Who may see all: last week's sample and how agents do; an agent: their own judged calls."""
    now = timezone.now()
    store = store_asked(request)
    context = {
        "page": keyset_page(queries.call_scores(request.user), request.GET, order=("-scored_at", "-pk")),
        "may_score": request.user.can(Permission.CALL_SCORE),
        "weeks": WEEKS,
        "store": store,
    }
    if queries.sees_every_score(request.user):
        monday, begin = _last_week(store, now)
        since = now - timedelta(weeks=WEEKS)
        context["seed"] = queries.sample_seed(store, monday)
        context["sample"] = list(queries.quality_sample(store, monday, begin))
        context["agents"] = queries.scores_by_agent(store, since, now)
        context["records"] = queries.record_quality(store, since, now)
    return render(request, "callback/quality.html", context)


def score(request, pk):
    """One call: judged by the supervisor, seen and commented on by its agent."""
    contact, now = get_object_or_404(queries.call_contacts(request.user), pk=pk), timezone.now()
    found = CallScore.objects.filter(contact=contact).select_related("scored_by", "agent").first()
    may_score = request.user.can(Permission.CALL_SCORE) and contact.agent_id not in (None, request.user.pk)
    is_own = contact.agent_id == request.user.pk
    if not (is_own or queries.sees_every_score(request.user)):
        raise Http404
    form = None
    if may_score:
        initial = {**found.marks, "remark": found.remark} if found else None
        weights = queries.quality_weights(contact.store, now)
        form = ScoreForm(request.POST or None, weights=weights, initial=initial)
        if request.method == "POST" and form.is_valid():
            monday, begin = _week_of(contact.store, contact.at)
            is_drawn = queries.quality_sample(contact.store, monday, begin).filter(pk=contact.pk).exists()
            seed = queries.sample_seed(contact.store, monday) if is_drawn else ""
            remark = form.cleaned_data["remark"]
            actions.score_call(contact=contact, marks=form.marks, remark=remark, seed=seed, by=request.user, at=now)
            messages.success(request, _("The call is judged; its agent is told."))
            return redirect("callback:quality")
    context = {
        "contact": contact, "score": found, "form": form, "sentence": queries.sentence_of(contact),
        "lines": queries.fact_lines(contact), "answers": queries.answers_said(contact),
        "comment_form": CommentForm(initial={"comment": found.comment}) if found and is_own else None,
    }  # fmt: skip
    return render(request, "callback/score.html", context, status=422 if form and form.errors else 200)


@require_POST
def comment(request, pk):
    found = get_object_or_404(queries.call_scores(request.user), contact=pk)
    said = valid(CommentForm(request.POST))
    actions.comment_score(score=found, **said, by=request.user, at=timezone.now(), expected_version=version_of(request))
    messages.success(request, _("Your comment is kept; who judged is told."))
    return redirect("callback:score", pk)


def _week_of(store, moment):
    """Monday of the moment's week, as a day and as its first moment."""
    day = moment.astimezone(store.tz).date()
    monday = day - timedelta(days=day.weekday())
    return monday, datetime.combine(monday, time.min, store.tz)


def _last_week(store, now):
    return _week_of(store, now - timedelta(weeks=1))
