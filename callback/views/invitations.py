"""The code of the public form for requests: on the screen of the desk, on the wall, on cards to hand out."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.queries import public_path
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.codes import code_of

CARDS = range(10)
"""As many as a sheet of A4 gives, each of the size of a business card."""


@require_safe
def poster(request):
    """The link for the web site, and its code for a customer who stands at the desk."""
    store = store_of(request.user)
    return render(request, "callback/request_poster.html", {"store": store, "link": _link(request, store)})


@require_safe
def poster_print(request):
    """The sheet with the code for the wall; `?paper=cards`: cards to hand out with the car."""
    papers = (("wall", _("Sheet for the wall")), ("cards", _("Cards to hand out")))
    paper = "cards" if request.GET.get("paper") == "cards" else "wall"
    context = {"store": store_of(request.user), "papers": papers, "paper": paper, "cards": CARDS}
    return render(request, "callback/request_poster_print.html", context)


@require_safe
def poster_code(request):
    """The link as a picture for the customer's phone."""
    return code_of(_link(request, store_of(request.user)))


def _link(request, store) -> str:
    return request.build_absolute_uri(public_path(store, "callback:ask"))
