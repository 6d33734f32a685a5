"""Accounts, positions and rights."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role
from dealer_crm.journal.queries import entries_about, read_lines
from dealer_crm.office.forms import LeaveForm, PersonForm, PositionForm, RolesForm, StaffFilter, StaffForm
from dealer_crm.office.views.shared import day_of, said
from dealer_crm.organization import actions, queries
from dealer_crm.organization.choices import Post
from dealer_crm.organization.models import Staff
from dealer_crm.ui.paging import keyset_page
from dealer_crm.values import Refusal

STORY = 30


@require_safe
def staff(request):
    """The people one may know of, those employed now unless asked otherwise."""
    today = day_of(request.user.store, timezone.now())
    stores = queries.stores_visible_to(request.user)
    form = StaffFilter({"state": "here", **request.GET.dict()}, stores=stores)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = queries.staff_matching(
        request.user,
        on=today,
        query=asked.get("q", ""),
        store=asked.get("store"),
        post=asked.get("post", ""),
        state=asked.get("state", ""),
    )
    page = keyset_page(rows, request.GET, order=("work_number",))
    context = {
        "page": page,
        "rows": [(person, _post_label(person.post), _role_labels(person.roles)) for person in page.rows],
        "filter_form": form,
        "today": today,
        "may_change": request.user.can(Permission.STAFF_CHANGE),
        "shows_stores": "store" in form.fields,
    }
    return render(request, "office/staff.html#rows" if request.htmx else "office/staff.html", context)


@require_safe
def person(request, pk):
    found = _person(request, pk)
    today = day_of(found.store, timezone.now())
    positions = list(queries.positions_of(found))
    in_force = next((position for position in positions if position.starts_on <= today), None)
    context = {
        "person": found,
        "positions": positions,
        "position": in_force,
        "roles": _role_labels(found.roles),
        "second_factor": queries.second_factor_of(found),
        "may_change": request.user.can(Permission.STAFF_CHANGE),
        "is_own": found.pk == request.user.pk,
        "leave_form": LeaveForm(initial={"left_on": today}),
    }
    if request.user.can(Permission.JOURNAL_VIEW):
        context["story"] = read_lines(entries_about(found)[:STORY], reader=request.user)
    return render(request, "office/person.html", context)


def staff_new(request):
    at = timezone.now()
    initial = {"store": request.user.store_id, "hired_on": day_of(request.user.store, at)}
    form = StaffForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            entered = actions.create_staff(by=request.user, at=at, **_with_post(form))
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("%(name)s is entered; reset the password to give one.") % {"name": entered})
            return redirect("office:person", entered.pk)
    return render(request, "office/form.html", {"form": form, "title": _("New person"), "back": "office:staff"})


def person_change(request, pk):
    found = _person(request, pk)
    form = PersonForm(request.POST or None, instance=Staff.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_person(staff=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            said(form, refusal)
        else:
            return redirect("office:person", pk)
    return _form_about(request, found, form, _("Change person"))


def position_new(request, pk):
    found, at = _person(request, pk), timezone.now()
    today = day_of(found.store, at)
    now = queries.positions_of(found).filter(starts_on__lte=today).first()
    initial = {"starts_on": today}
    if now:
        initial |= {"post": now.post, "team": now.team_id, "coefficient": now.coefficient}
    form = PositionForm(request.POST or None, store=found.store, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_position(staff=found, by=request.user, at=at, **_with_post(form))
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("The position holds from %(day)s.") % {"day": form.cleaned_data["starts_on"]})
            return redirect("office:person", pk)
    return _form_about(request, found, form, _("New position"))


def roles(request, pk):
    found = _person(request, pk)
    form = RolesForm(request.POST or None, initial={"roles": found.roles})
    if request.method == "POST" and form.is_valid():
        granted = [Role(role) for role in form.cleaned_data["roles"]]
        try:
            actions.grant_roles(staff=found, roles=granted, by=request.user, at=timezone.now())
        except Refusal as refusal:
            said(form, refusal)
        else:
            messages.success(request, _("The rights of %(name)s are changed.") % {"name": found})
            return redirect("office:person", pk)
    return _form_about(request, found, form, _("Rights"))


@require_POST
def leave(request, pk):
    found, form = _person(request, pk), LeaveForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Say the last day."), field="left_on")
    actions.end_employment(staff=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("%(name)s leaves on %(day)s.") % {"name": found, "day": form.cleaned_data["left_on"]})
    return redirect("office:person", pk)


@require_POST
def come_back(request, pk):
    found = _person(request, pk)
    actions.resume_employment(staff=found, by=request.user, at=timezone.now())
    messages.success(request, _("The account of %(name)s is open again.") % {"name": found})
    return redirect("office:person", pk)


@require_POST
@never_cache
def password_reset(request, pk):
    """The new password is shown on this answer only; loading the page again can't bring it back."""
    found = _person(request, pk)
    password = actions.reset_password(staff=found, by=request.user, at=timezone.now())
    return render(request, "office/password.html", {"person": found, "password": password})


@require_POST
def second_factor_forget(request, pk):
    found = _person(request, pk)
    actions.forget_second_factor(staff=found, by=request.user, at=timezone.now())
    messages.success(request, _("The second factor of %(name)s is taken off.") % {"name": found})
    return redirect("office:person", pk)


def _person(request, pk) -> Staff:
    return get_object_or_404(Staff.objects.visible_to(request.user).select_related("store"), pk=pk)


def _form_about(request, found, form, title):
    context = {"form": form, "title": title, "sub": f"{found.work_number} {found.name}", "person": found}
    return render(request, "office/person_form.html", context)


def _with_post(form) -> dict:
    return {**form.cleaned_data, "post": Post(form.cleaned_data["post"])}


def _post_label(post) -> str:
    return str(Post(post).label) if post else ""


def _role_labels(held) -> list[str]:
    return [str(Role(role).label) for role in held]
