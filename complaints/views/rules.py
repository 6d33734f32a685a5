"""What a supervisor sets: how long the clocks are, which words alarm, how categories are called."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import actions, queries
from complaints.forms import NewTopicForm, TopicForm
from complaints.models import Topic
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.values import Refusal


@require_safe
def rules(request):
    """The clocks by severity as they hold today in one's store, warnings, words; each leads to where it is changed."""
    store = store_of(request.user)
    context = {
        "store": store,
        "rules": queries.rules_of(store, at=timezone.now()),
        "may_change": request.user.can(Permission.FIGURE_CHANGE),
        "may_view_figures": request.user.can(Permission.FIGURE_VIEW),
        "may_change_topics": request.user.can(Permission.COMPLAINT_ADVISE),
    }
    return render(request, "complaints/rules.html", context)


def topics(request):
    """The tree of categories, and another row of it."""
    form = NewTopicForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            topic = actions.add_topic(**form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("“%(name)s” can be chosen from now on.") % {"name": topic})
            return redirect("complaints:topics")
    context = {"tree": queries.topic_tree(whole=True), "form": form}
    return render(request, "complaints/topics.html", context, status=422 if form.errors else 200)


def topic(request, pk):
    """One row: its name, its place, whether it is still offered."""
    found = get_object_or_404(Topic.objects.select_related("parent"), pk=pk)
    form = TopicForm(
        request.POST or None, initial={name: getattr(found, name) for name in ("name", "place", "is_used")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_topic(topic=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The category is changed."))
            return redirect("complaints:topics")
    return render(request, "complaints/topic.html", {"topic": found, "form": form}, status=422 if form.errors else 200)
