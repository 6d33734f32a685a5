"""Service agreements, what the levels give, and points."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.ui.paging import keyset_page
from dealer_crm.ui.posted import version_of
from reception import actions, forms, queries
from reception.choices import AgreementState
from reception.models import Customer, MembershipTerms
from reception.views.acting import act, attempt, own_order, version


@require_safe
def agreement_list(request):
    found = forms.AgreementFilter(request.GET, queries.agreements_visible_to(request.user), request=request)
    page = keyset_page(found.qs, request.GET, order=("-pk",))
    shown = {
        "filter_form": found.form,
        "page": page,
        "standings": queries.standings(page.rows),
        "to_approve": _to_approve(request.user),
        "today": timezone.localdate(),
    }
    template = "reception/agreements.html#rows" if request.htmx else "reception/agreements.html"
    return render(request, template, shown)


def _to_approve(staff):
    return queries.agreements_to_approve(staff)[:20] if staff.can(Permission.AGREEMENT_APPROVE) else ()


@require_safe
def agreement(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    (standing,) = queries.standings([agreement])
    staff, is_draft = request.user, agreement.state == AgreementState.DRAFT
    may_approve = staff.can(Permission.AGREEMENT_APPROVE)
    answered = queries.responses(agreement, timezone.now())
    page = {
        "agreement": agreement,
        "standing": standing,
        "vehicles": agreement.vehicles.order_by("plate"),
        "uses": queries.uses_of(agreement)[:100],
        "answered": answered,
        "answers_kept": sum(one.is_kept is True for one in answered),
        "answers_counted": sum(one.is_kept is not None for one in answered),
        "story": queries.story_of(agreement),
        "today": timezone.localdate(),
        "may_change": is_draft and staff.can(Permission.AGREEMENT_CHANGE),
        "may_renew": not is_draft and staff.can(Permission.AGREEMENT_CHANGE),
        "may_approve": is_draft and may_approve and agreement.made_by_id != staff.pk,
        "may_end": agreement.state == AgreementState.ACTIVE and may_approve,
    }
    return render(request, "reception/agreement.html", page)


def agreement_new(request, pk):
    """An agreement with one customer."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user).standing(), pk=pk)
    store, today = store_of(request.user), timezone.localdate()
    initial = {"starts_on": today, "ends_on": today + timedelta(days=364)}
    form = forms.AgreementForm(request.POST or None, customer=customer, initial=initial)
    items = forms.ItemsForm(request.POST or None)

    def deed():
        return actions.draft_agreement(
            customer=customer, store=store, by=request.user, at=timezone.now(), items=items.drafts(), **form.given()
        )

    back = reverse("reception:customer", args=[customer.pk])
    return _written(request, form, items, deed, title=_("New agreement"), customer=customer, back=back)


def agreement_edit(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    initial = forms.AgreementForm.initial_of(agreement)
    form = forms.AgreementForm(request.POST or None, customer=agreement.customer, initial=initial)
    items = forms.ItemsForm(request.POST or None, agreement)

    def deed():
        return actions.change_agreement(
            agreement=agreement, by=request.user, at=timezone.now(), items=items.drafts(),
            expected_version=form.cleaned_data["version"], **form.given(),
        )  # fmt: skip

    return _written(
        request, form, items, deed, title=str(agreement), customer=agreement.customer, back=_page_of(agreement)
    )


def _written(request, form, items, deed, *, title, customer, back):
    if request.method == "POST" and form.is_valid() and items.is_valid() and (made := attempt(form, deed)):
        return redirect(_page_of(made))
    page = {"form": form, "items": items.formset, "title": title, "customer": customer, "back": back}
    return render(request, "reception/agreement_form.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def agreement_discard(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    actions.discard_agreement(agreement=agreement, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is discarded."))
    return redirect("reception:agreements")


@require_POST
def agreement_approve(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    actions.approve_agreement(
        agreement=agreement, by=request.user, at=timezone.now(), expected_version=version_of(request)
    )
    messages.success(request, _("%(agreement)s holds from now on.") % {"agreement": agreement})
    return redirect(_page_of(agreement))


def agreement_end(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    form = forms.ReasonForm(request.POST or None, initial=version(agreement))

    def deed(**given):
        return actions.end_agreement(agreement=agreement, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("End %(number)s") % {"number": agreement.number}, submit=_("End the agreement"),
        tone="danger", to=_page_of(agreement),
    )  # fmt: skip


@require_POST
def agreement_renew(request, pk):
    agreement = get_object_or_404(queries.agreements_visible_to(request.user), pk=pk)
    renewed = actions.renew_agreement(agreement=agreement, by=request.user, at=timezone.now())
    messages.success(request, _("A draft for the next term; look it through and have it approved."))
    return redirect(_page_of(renewed))


@require_POST
def order_terms(request, pk):
    """Offer the lines of an order what holds for its car."""
    order = own_order(request, pk)
    actions.apply_terms(order=order, by=request.user, at=timezone.now())
    messages.success(request, _("The agreed prices are filled in."))
    return redirect("reception:order", order.pk)


# ── Levels ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@require_safe
def membership(request):
    """What each level gives, and every decision about it."""
    store, today = request.user.store, timezone.localdate()
    page = {
        "levels": queries.levels_of(store, today) if store else (),
        "today": today,
        "may_change": request.user.can(Permission.MEMBERSHIP_CHANGE),
    }
    return render(request, "reception/membership.html", page)


def membership_terms(request):
    """What a level shall give from a day on."""
    store, today = store_of(request.user), timezone.localdate()
    held = {one.level.value: one.now for one in queries.levels_of(store, today)}
    level = request.GET.get("level", "")
    initial = {"starts_on": today, "level": level}
    if held.get(level):
        initial |= forms.TermsForm.initial_of(held[level])
    form = forms.TermsForm(request.POST or None, initial=initial)

    def deed(**given):
        return actions.set_membership_terms(store=store, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Terms of a level"), submit=_("Save"), to=reverse("reception:membership"),
        done=_("What was priced before keeps its price."),
    )  # fmt: skip


@require_POST
def membership_withdraw(request, pk):
    terms = get_object_or_404(MembershipTerms.objects.visible_to(request.user), pk=pk)
    actions.withdraw_membership_terms(terms=terms, by=request.user, at=timezone.now())
    return redirect("reception:membership")


# ── Points ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@require_safe
def points(request, pk):
    """Every movement of a customer's points."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    page = {
        "customer": customer,
        "page": keyset_page(queries.points_moved(customer), request.GET, order=("-pk",)),
        "balance": queries.points_of(customer),
        "may_spend": request.user.can(Permission.POINTS_SPEND),
        "may_correct": request.user.can(Permission.MEMBERSHIP_CHANGE),
    }
    return render(request, "reception/points.html" + ("#rows" if request.htmx else ""), page)


def points_spend(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.SpendForm(request.POST or None)

    def deed(**given):
        return actions.spend_points(customer=customer, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Redeem points of %(name)s") % {"name": customer.name}, submit=_("Redeem"),
        to=reverse("reception:points", args=[pk]),
    )  # fmt: skip


def points_correct(request, pk):
    customer = get_object_or_404(Customer.objects.visible_to(request.user), pk=pk)
    form = forms.CorrectForm(request.POST or None)

    def deed(**given):
        return actions.correct_points(customer=customer, by=request.user, at=timezone.now(), **given)

    return act(
        request, form, deed, title=_("Correct the points of %(name)s") % {"name": customer.name}, submit=_("Save"),
        to=reverse("reception:points", args=[pk]),
    )  # fmt: skip


def _page_of(agreement) -> str:
    return reverse("reception:agreement", args=[agreement.pk])
