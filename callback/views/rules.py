"""The rules of owed calls and their scripts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from callback import actions, queries
from callback.choices import RuleCode
from callback.forms import RuleForm
from callback.models import Rule
from dealer_crm.access.permissions import Permission
from dealer_crm.ui.stores import store_asked
from dealer_crm.values import Period, Refusal


def rule_list(request):
    rules = queries.rules_of(request.user)
    context = {
        "rules": rules,
        "may_change": request.user.can(Permission.CALL_RULE_CHANGE),
        "shows_store": request.user.sees_all_stores,
    }
    return render(request, "callback/rules.html", context)


def rule(request, pk):
    """Change a rule's window, priority, questionnaire and script; or see first what the change would do today."""
    found, now = get_object_or_404(queries.rules_of(request.user), pk=pk), timezone.now()
    form, preview = RuleForm(request.POST or None, instance=found), None
    if request.method == "POST" and form.is_valid():
        kept = Rule.objects.select_related("store").get(pk=pk)  # the form has written into its own
        if "preview" in request.POST:
            preview = queries.rule_preview(kept, form.changed_rule, at=now)
            return render(request, "callback/rule.html", _page(found, form, now, preview=preview))
        try:
            actions.change_rule(rule=kept, by=request.user, at=now, script=form.script, **form.facts)
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The rule is changed."))
            return redirect("callback:rules")
    return render(request, "callback/rule.html", _page(found, form, now), status=422 if form.errors else 200)


def programme(request):
    """The programme of this month; the report itself opens on the month gone by."""
    store = store_asked(request)
    month = Period.of(timezone.now(), store.tz)
    return redirect(f"{reverse('reporting:call_programme')}?period={month}&store={store.code}")


def _page(found: Rule, form: RuleForm, now, preview=None) -> dict:
    is_forecast = found.code == RuleCode.MAINTENANCE
    return {
        "rule": found,
        "form": form,
        "preview": preview,
        "samples": queries.samples_of(found),
        "accuracy": queries.forecast_accuracy(found.store, now.astimezone(found.store.tz).date())
        if is_forecast
        else None,
    }
