"""The public form of a store, by its signed link or code on the wall; and the sheet with that code for the wall."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints import actions, queries
from complaints.forms import PublicForm
from dealer_crm.access.pace import asks_too_often
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.codes import code_of
from dealer_crm.values import Refusal

# Sent and asked for from one address in ten minutes: a person writes once or twice, a machine a thousand times.
MOST_SENT, MOST_ASKED, SPAN = 5, 60, 600


def tell(request, token):
    """Tell us what was wrong. Public: nothing of the house is shown but its name."""
    store, is_sent = queries.store_of_token(token), request.method == "POST"
    if store is None:
        return _end(request, None, "forged", 404)
    if asks_too_often(request, "complaint-form", most=MOST_ASKED, span=SPAN):
        return _end(request, store, "busy", 429)
    form = PublicForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if is_sent and form.is_valid():
        if form.cleaned_data["website"]:
            return _end(request, store, "thanks", 200)  # a machine: it need not know
        if asks_too_often(request, "complaint-sent", most=MOST_SENT, span=SPAN):
            return _end(request, store, "busy", 429)
        try:
            complaint = actions.take_from_public(store=store, **form.facts(), at=timezone.now())
        except Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _end(request, store, "thanks", 200, number=complaint.number)
    context = {"state": "open", "store": store, "form": form}
    return render(request, "complaints/public.html", context, status=422 if form.errors else 200)


@require_safe
def poster(request):
    """The link for the web site, and its code for a customer who stands at the desk."""
    store = store_of(request.user)
    context = {"store": store, "link": request.build_absolute_uri(queries.public_path(store))}
    return render(request, "complaints/poster.html", context)


@require_safe
def poster_print(request):
    """The sheet with the code for the wall."""
    return render(request, "complaints/poster_print.html", {"store": store_of(request.user)})


@require_safe
def poster_code(request):
    """The link as a picture for the customer's phone."""
    return code_of(request.build_absolute_uri(queries.public_path(store_of(request.user))))


def _end(request, store, state: str, status: int, number: str = ""):
    answer = render(
        request, "complaints/public.html", {"state": state, "store": store, "number": number}, status=status
    )
    if status == 429:
        answer["Retry-After"] = SPAN
    return answer
