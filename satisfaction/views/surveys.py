"""The customer's page by link, code or tablet: seven days, once; and what a person of the house does for it: shows the
code, hands over the tablet, takes answers down."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from dealer_crm.access.pace import asks_too_often
from dealer_crm.channels.queries import message_for, why_no_text
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.codes import code_of
from dealer_crm.values import Refusal
from reception.models import RepairOrder
from reception.queries import text_way, texted_number
from satisfaction import actions, queries
from satisfaction.choices import Channel, Language
from satisfaction.forms import SurveyForm, TakeDownForm
from satisfaction.models import Questionnaire

# Asked or answered from one address in ten minutes; a family fills in one sheet, a script thousands.
MOST, SPAN = 40, 600
STATUS = {"open": 200, "answered": 200, "expired": 410, "forged": 404, "thanks": 200}


def survey(request, token):
    """The questionnaire for one order. Public: the signed link is the key."""
    if asks_too_often(request, "survey", most=MOST, span=SPAN):
        answer = render(request, "satisfaction/survey.html", {"state": "busy"}, status=429)
        answer["Retry-After"] = SPAN
        return answer
    now = timezone.now()
    found = queries.invitation(token, on=timezone.localdate(now))
    if found.state != "open":
        return _end(request, found, found.state, _language(request, list(Language)))
    version = queries.version_shown(found.questionnaire, request.POST.get("version", ""), at=now)
    languages = queries.languages_of(version)
    with override(_language(request, languages)):
        questions = queries.asked(version, channel=found.channel, language=get_language())
        form = SurveyForm(request.POST if request.method == "POST" else None, questions=questions)
        if request.method == "POST" and form.is_valid():
            return _end(request, found, _take_down(found, version, form.cleaned_data, now), get_language())
        context = {
            "state": "open", "found": found, "form": form, "version": version, "languages": languages,
            "language": get_language(),
        }  # fmt: skip
        return render(request, "satisfaction/survey.html", context, status=422 if form.errors else 200)


def invite(request, pk):
    """The link and its code for the customer of an order, and the tablet to be handed over at once."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).with_people(), pk=pk)
    questionnaires = list(queries.order_questionnaires())
    chosen = _chosen(questionnaires, request.GET.get("questionnaire", ""))
    path = queries.survey_path(order, questionnaire=chosen, given_by=request.user)
    context = {
        "order": order,
        "questionnaire": chosen,
        "link": request.build_absolute_uri(path),
        "texted": message_for(f"survey:{order.pk}:{chosen.code}") if chosen else None,
        "no_text": why_no_text(texted_number(order.customer), channel=text_way(order.customer)),
        "tabs": [
            {"url": f"?questionnaire={one.code}", "label": one.name, "active": one == chosen} for one in questionnaires
        ],
    }
    return render(request, "satisfaction/invite.html", context)


def invite_code(request, pk):
    """The same questionnaire's link as a picture for the customer's phone."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user), pk=pk)
    chosen = _chosen(list(queries.order_questionnaires()), request.GET.get("questionnaire", ""))
    path = queries.survey_path(order, channel=Channel.QR, questionnaire=chosen, given_by=request.user)
    return code_of(request.build_absolute_uri(path))


def invite_text(request, pk):
    """Send the link to the customer's mobile."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user).with_people(), pk=pk)
    chosen = _chosen(list(queries.order_questionnaires()), request.POST.get("questionnaire", ""))
    back = f"{reverse('satisfaction:invite', args=[pk])}?questionnaire={chosen.code if chosen else ''}"
    if request.method == "POST" and chosen:
        link = request.build_absolute_uri(queries.survey_path(order, questionnaire=chosen, given_by=request.user))
        actions.text_survey_link(order=order, questionnaire=chosen, link=link, by=request.user, at=timezone.now())
        messages.success(request, _("The link is on its way to the customer's mobile."))
    return redirect(back)


def tablet(request, pk):
    """Hand the tablet to the customer: the sheet is opened and the person of the house is signed out, so that no way
    leads from it into the program but their password."""
    order = get_object_or_404(RepairOrder.objects.visible_to(request.user), pk=pk)
    if request.method != "POST":
        return redirect("satisfaction:invite", pk)
    chosen = _chosen(list(queries.order_questionnaires()), request.POST.get("questionnaire", ""))
    path = queries.survey_path(order, channel=Channel.TABLET, questionnaire=chosen, given_by=request.user)
    actions.hand_over_tablet(order=order, questionnaire=chosen, by=request.user, at=timezone.now())
    logout(request)
    return redirect(path)


def response_new(request, code=""):
    """Take down what a customer said to any questionnaire (the service CSI unless named), with or without an order."""
    questionnaires = list(queries.customer_questionnaires())
    chosen = next((one for one in questionnaires if code in ("", one.code)), None)
    if chosen is None:
        raise Http404
    now = timezone.now()
    version = queries.version_shown(chosen, request.POST.get("version", ""), at=now)
    posted = request.POST if request.method == "POST" else None
    about = TakeDownForm(posted, initial={"token": uuid.uuid4(), "version": version.pk})
    form = SurveyForm(posted, questions=queries.asked(version, channel=Channel.CALL, language=get_language()))
    if posted and all([about.is_valid(), form.is_valid()]):
        try:
            made = _taken_down_by_staff(request.user, version, about.cleaned_data, form.cleaned_data, now)
        except Refusal as refusal:
            about.add_error(refusal.field if refusal.field in about.fields else None, str(refusal))
        else:
            messages.success(request, _("The answers are taken down."))
            return _to_order(made) if made.order_id else redirect("satisfaction:response_new", chosen.code)
    here = [{"url": reverse("satisfaction:response_new", args=[one.code]), "label": one.name,
             "active": one == chosen} for one in questionnaires]  # fmt: skip
    context = {"version": version, "about": about, "form": form, "tabs": here}
    return render(request, "satisfaction/survey_new.html", context, status=422 if posted else 200)


def _to_order(made):
    return redirect("reception:order", made.order_id)


def _taken_down_by_staff(staff, version, about, answers, now):
    order = queries.order_numbered(staff, about["order"]) if about["order"] else None
    vehicle = queries.vehicle_plated(staff, about["plate"]) if about["plate"] and order is None else None
    return actions.record_response(
        version=version,
        store=order.store if order else store_of(staff),
        order=order,
        vehicle=vehicle,
        customer=vehicle.owner if vehicle else None,
        source=about["source"],
        answered_at=about["answered_at"] or now,
        answers=answers,
        number=f"page:{about['token']}",
        taken_by=staff,
        by=staff,
        at=now,
    )


def _take_down(found, version, answers, now) -> str:
    """What the customer's page says next."""
    try:
        actions.record_response(
            version=version,
            store=found.order.store,
            order=found.order,
            customer=found.order.customer,
            source=found.source,
            answered_at=now,
            answers=answers,
            taken_by=found.given_by if found.channel == Channel.TABLET else None,
            number=found.number,
            by=None,
            at=now,
        )
    except Refusal as refusal:
        if refusal.code != "answered_already":
            raise
        return "answered"
    return "thanks"


def _end(request, found, state: str, language: str):
    """The last page; on the tablet with the way back for the person of the house."""
    with override(language):
        context = {"state": state, "found": found}
        if found.channel == Channel.TABLET and found.order:
            back = reverse("reception:order", args=[found.order.pk])
            context["sign_in"] = f"{resolve_url(settings.LOGIN_URL)}?next={back}"
        return render(request, "satisfaction/survey.html", context, status=STATUS[state])


def _language(request, offered) -> str:
    """The language asked for if it is offered, else the reader's own, else Chinese."""
    for wanted in (request.GET.get("lang", ""), get_language()):
        if wanted in offered:
            return wanted
    return Language.ZH_HANS.value


def _chosen(questionnaires: list[Questionnaire], code: str) -> Questionnaire | None:
    return next((one for one in questionnaires if one.code == code), questionnaires[0] if questionnaires else None)
