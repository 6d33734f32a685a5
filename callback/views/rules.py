"""The rules of owed calls and their scripts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from callback import actions, queries
from callback.forms import RuleForm
from dealer_crm.access.permissions import Permission
from dealer_crm.values import Refusal


def rule_list(request):
    rules = queries.rules_of(request.user)
    context = {
        "rules": rules,
        "may_change": request.user.can(Permission.CALL_RULE_CHANGE),
        "shows_store": request.user.sees_all_stores,
    }
    return render(request, "callback/rules.html", context)


def rule(request, pk):
    """Change a rule's window, priority, questionnaire and script."""
    found = get_object_or_404(queries.rules_of(request.user), pk=pk)
    form = RuleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_rule(rule=found, by=request.user, at=timezone.now(), script=form.script, **form.facts)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The rule is changed."))
            return redirect("callback:rules")
    return render(request, "callback/rule.html", {"rule": found, "form": form}, status=422 if form.errors else 200)
