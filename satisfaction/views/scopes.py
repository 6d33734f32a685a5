"""What a page of analysis was asked for, and the way from one to the next."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.organization.queries import stores_to_choose
from dealer_crm.values import Period
from satisfaction import queries
from satisfaction.choices import Dimension
from satisfaction.forms import GapsFilter, ScopeFilter


def asked(request, form_class: type[ScopeFilter], **defaults) -> ScopeFilter:
    """The filter of a page: this month and the person's own store unless the address says otherwise."""
    stores = stores_to_choose(request.user)
    questionnaires = [] if issubclass(form_class, GapsFilter) else queries.questionnaires_with_factors()
    today = Period.of(timezone.now())
    given = {"period": str(today), "questionnaire": "", **defaults, **request.GET.dict()}
    if given.get("store") not in {"", *(store.code for store in stores)}:
        given["store"] = request.user.store.code if request.user.store else ""
    return form_class(given, stores=stores, questionnaires=questionnaires, today=today)


def tabs_of(active: str, form: ScopeFilter) -> list[dict]:
    """The pages of analysis, each opened with the period and store of this one."""
    pages = [
        ("analysis", _("By person and factor")),
        ("drivers", _("What matters")),
        ("control", _("Control charts")),
        ("gaps", _("Five gaps")),
        ("composites", _("Index model")),
    ]
    return [
        {"url": f"{reverse(f'satisfaction:{name}')}?{_kept(form)}", "label": label, "active": name == active}
        for name, label in pages
    ]


def chips_of(form: ScopeFilter) -> list[dict]:
    """What the page is narrowed to, each with the address without it."""
    scope = form.scope()
    names = dict(Dimension.choices)
    return [
        {"label": names[name], "name": shown, "url": f"?{form.address(**{name: ''})}"}
        for name, shown in (queries.narrowed_to(scope) if scope else [])
    ]


def _kept(form: ScopeFilter) -> str:
    only = {name: "" for name in form.fields if name not in ("period", "store")}
    return form.address(**only)
