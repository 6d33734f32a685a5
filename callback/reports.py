"""What the callback centre puts into the paper pack: today's calls, and blank sheets for them."""

from django.utils.translation import gettext_lazy as _

from callback import actions, queries
from callback.choices import Outcome
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting.paper import register_catch_up, register_paper


def calls_today(*, staff, at) -> dict:
    """The calls that may begin now and are due until the end of the day, numbers masked."""
    calls = queries.calls_for_paper(staff, at=at)
    for call in calls:
        call.dialled = queries.dialled_phone(call.customer)
        call.shown_phone = str(call.dialled or "")
    return {"calls": calls, "outcomes": [outcome.label for outcome in Outcome], "with_phones": False}


def reveal_numbers(*, staff, context: dict, at) -> None:
    """Whoever dials from paper needs the whole numbers; the journal keeps whose were printed."""
    numbers = actions.reveal_on_paper(tasks=context["calls"], by=staff, at=at)
    for call in context["calls"]:
        call.shown_phone = numbers.get(call.pk, "")
    context["with_phones"] = True


def survey_questions(*, staff, at) -> dict:
    return {"questions": queries.survey_questions()}


register_paper(
    code="calls", title=_("Calls of the day"), permission=Permission.CALL_TAKE, order=30,
    template="callback/paper_calls.html", build=calls_today, reveals=reveal_numbers,
    reveal_permission=Permission.PHONE_REVEAL, is_wide=True,
)  # fmt: skip
register_paper(
    code="call_sheet", title=_("Call sheet (blank)"), permission=Permission.CALL_TAKE, order=70, is_blank=True,
    template="callback/paper_call_sheet.html", build=survey_questions,
)  # fmt: skip
register_catch_up(label=_("Key in calls"), url_name="callback:catch_up", permission=Permission.CALL_TAKE)
