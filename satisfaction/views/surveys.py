"""The customer's page: one link, seven days, once; and the code a person of the house shows at hand-over."""

import qrcode
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from dealer_crm.values import Refusal
from reception.models import RepairOrder
from satisfaction import actions, queries
from satisfaction.choices import ResponseSource
from satisfaction.forms import SurveyForm

# Asked or answered from one address in ten minutes; a family fills in one sheet, a script thousands.
MOST, SPAN = 40, 600
STATUS = {"open": 200, "answered": 200, "expired": 410, "forged": 404}


def survey(request, token):
    """The questionnaire for one order. Public: the signed link is the key."""
    if _too_often(request):
        answer = render(request, "satisfaction/survey.html", {"state": "busy"}, status=429)
        answer["Retry-After"] = SPAN
        return answer
    now = timezone.now()
    found = queries.invitation(token, on=timezone.localdate(now))
    if found.state != "open":
        return render(request, "satisfaction/survey.html", {"state": found.state}, status=STATUS[found.state])
    version = queries.csi_version()
    form = SurveyForm(request.POST if request.method == "POST" else None, version=version)
    context = {"state": "open", "order": found.order, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "satisfaction/survey.html", context, status=422 if form.errors else 200)
    state = _take_down(found.order, version, form.cleaned_data, now)
    return render(request, "satisfaction/survey.html", {"state": state})


def invite(request, pk):
    """The link and its code for the customer of an order, to be shown at hand-over or sent."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).with_people(), pk=pk)
    link = request.build_absolute_uri(queries.survey_path(order))
    return render(request, "satisfaction/invite.html", {"order": order, "link": link})


def invite_code(request, pk):
    """The code of the same link as a picture."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user), pk=pk)
    link = request.build_absolute_uri(queries.survey_path(order))
    picture = qrcode.make(link, image_factory=SvgPathImage, box_size=12, border=2)
    return HttpResponse(picture.to_string(), content_type="image/svg+xml", headers={"Cache-Control": "no-store"})


def _take_down(order, version, answers, now) -> str:
    try:
        actions.record_response(
            version=version,
            store=order.store,
            order=order,
            customer=order.customer,
            source=ResponseSource.LINK,
            answered_at=now,
            answers=answers,
            taken_by=None,
            number=queries.link_key(order),
            by=None,
            at=now,
        )
    except Refusal as refusal:
        if refusal.code != "answered_already":
            raise
        return "answered"
    return "thanks"


def _too_often(request) -> bool:
    key = f"survey:{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, SPAN)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # ran out between the two
        return False
