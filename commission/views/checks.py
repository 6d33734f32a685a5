"""One's own statement: checked, disputed, appealed against."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from commission import actions, queries
from commission.choices import DisputeState, RunState
from commission.models import Run


def own_parts(slip, at) -> dict:
    """What a person may do about their own statement, and what has come of it so far."""
    is_reviewed, until = slip.run.state == RunState.REVIEWED, queries.appeal_until_of(slip.run)
    check, disputes = queries.check_of(slip), queries.own_disputes(slip)
    open_lines = {one.line_id for one in disputes if one.state == DisputeState.OPEN}
    appeals = list(queries.own_appeals(slip.staff).filter(statement=slip))
    return {
        "is_own": True,
        "check": check,
        "disputes": disputes,
        "open_lines": open_lines,
        "may_check": is_reviewed and check is None and not open_lines,
        "may_dispute": is_reviewed,
        "appeal_until": until,
        "may_appeal": until is not None and at.astimezone(slip.run.store.tz).date() <= until,
        "appeals": appeals,
        "appealed_lines": {one.line_id for one in appeals},
    }


@require_POST
def statement_check(request, pk):
    slip = get_object_or_404(queries.own_statements(request.user), pk=pk)
    actions.check_statement(slip=slip, by=request.user, at=timezone.now())
    messages.success(request, _("Thank you: it is kept that you have checked it."))
    return redirect("commission:own_statement", pk)


@require_POST
def run_remind(request, pk):
    run = get_object_or_404(Run.objects.visible_to(request.user), pk=pk)
    told = actions.remind_unchecked(run=run, by=request.user, at=timezone.now())
    text = ngettext("%(count)s person has been reminded.", "%(count)s people have been reminded.", told)
    messages.success(request, text % {"count": told})
    return redirect("commission:run", pk)
