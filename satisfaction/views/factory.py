"""What the factory heard, beside what we did; and what the staff said, as a group."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of, stores_visible_to
from dealer_crm.values import Period, Refusal
from satisfaction import actions, queries
from satisfaction.choices import Channel, QuestionnaireKind
from satisfaction.forms import StoreMonthForm, SurveyForm


def factory(request):
    """厂家对照: the factory's interviews of a month beside our answers of the same visits; our place in the region."""
    store, period, form = _store_month(request, Period.of(timezone.now()))
    context = {"filter_form": form, "store": store, "period": period}
    if store is not None:
        places = queries.factory_places(store, until=period)
        context |= {
            "month": queries.factory_month(store, period),
            "places": places,
            "places_chart": _places_chart(places),
            "may_import": request.user.can(Permission.WORKBOOK_IMPORT),
        }
    template = "satisfaction/factory.html#figures" if request.htmx else "satisfaction/factory.html"
    return render(request, template, context)


def staff_survey(request):
    """One's own sheet of this month's round; nobody learns who wrote what."""
    now, store = timezone.now(), store_of(request.user)
    period = Period.of(now, store.tz)
    if queries.has_answered(request.user, period):
        return render(request, "satisfaction/staff_survey.html", {"period": period, "is_answered": True})
    questionnaire = queries.questionnaire_of_kind(QuestionnaireKind.STAFF)
    version = queries.version_shown(questionnaire, request.POST.get("version", ""), at=now)
    questions = queries.asked(version, channel=Channel.LINK, language=get_language())
    form = SurveyForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        actions.answer_staff_survey(version=version, answers=form.cleaned_data, by=request.user, at=now)
        messages.success(request, _("Thank you. Nobody can see which sheet is yours."))
        return redirect("satisfaction:staff_survey")
    context = {"period": period, "form": form, "version": version}
    return render(request, "satisfaction/staff_survey.html", context, status=422 if form.errors else 200)


def staff_round(request):
    """A round of the staff survey as a group; figures only of a month that is over and was answered by enough."""
    today = timezone.localdate()
    store, period, form = _store_month(request, Period.of(today).previous())
    context = {"filter_form": form, "store": store, "this_month": Period.of(today)}
    if store is not None:
        context |= {
            "round": queries.staff_round(store, period, on=today),
            "may_call": request.user.can(Permission.QUESTIONNAIRE_CHANGE) and request.user.store == store,
        }
    template = "satisfaction/staff_round.html#figures" if request.htmx else "satisfaction/staff_round.html"
    return render(request, template, context)


def staff_call(request):
    """Ask everybody of one's own store to answer this month."""
    if request.method == "POST":
        now, store = timezone.now(), store_of(request.user)
        told = actions.call_staff_survey(store=store, period=Period.of(now, store.tz), by=request.user, at=now)
        if not told:
            raise Refusal(_("Everybody has been asked or has answered this month already."), code="asked_already")
        said = ngettext("%(count)d person is asked.", "%(count)d people are asked.", told)
        messages.success(request, said % {"count": told})
    return redirect("satisfaction:staff_round")


def _store_month(request, default: Period):
    """The store and month asked for, one's own store and `default` unless others are chosen."""
    stores = stores_visible_to(request.user).order_by("code")
    asked = {"period": str(default), **request.GET.dict()}
    own = stores.filter(code=asked.get("store", "")).first() or request.user.store or stores.first()
    form = StoreMonthForm(asked | {"store": own.code if own else ""}, stores=stores)
    return (own, form.cleaned_data["period"], form) if own and form.is_valid() else (None, default, form)


def _places_chart(places: list) -> dict:
    """The place in the region month by month, a line for each survey; the first place at the top."""
    months = sorted({one.period for one in places})
    of_survey: dict[str, dict[str, int]] = {}
    for one in places:
        of_survey.setdefault(one.survey, {})[one.period] = one.place
    return {
        "legend": {"data": list(of_survey)},
        "xAxis": {"type": "category", "data": months},
        "yAxis": {
            "type": "value",
            "inverse": True,
            "min": 1,
            "minInterval": 1,
            "name": _("rank"),
            "nameLocation": "start",
        },
        "tooltip": {"trigger": "axis"},
        "series": [
            {"name": survey, "type": "line", "symbolSize": 8, "data": [place.get(month) for month in months]}
            for survey, place in of_survey.items()
        ],
    }
