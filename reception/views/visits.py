"""Walk-round, photos and signatures of an order."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dealer_crm.access.permissions import Permission
from dealer_crm.files.answers import file_response, small_response
from reception import actions, forms, queries
from reception.choices import Belonging, OrderState, SignedPaper
from reception.formulas.signing import fingerprint
from reception.models import AddOn, RepairOrder
from reception.queries import visits
from reception.views.acting import attempt, own_order, status_of

# Which paper of an order waits for the customer's name, by where the order stands.
_NEXT_PAPER = {OrderState.SETTLED: SignedPaper.SETTLEMENT, OrderState.DELIVERED: SignedPaper.DELIVERY}


def evidence(order: RepairOrder, staff) -> dict:
    """What the cards of the order page say of walk-round, photos and signatures, and what may be done there."""
    seen, own = visits.evidence_of(order), queries.may_change(order, staff)
    is_here = order.state not in (OrderState.DRAFT, OrderState.CANCELLED)
    paper = _NEXT_PAPER.get(OrderState(order.state), SignedPaper.ORDER)
    is_signed = any(sheet.signature.paper == paper and not sheet.changes for sheet in seen.signed)
    return {
        "seen": seen,
        "car_parts": visits.car_parts(),
        "may_walk": own and is_here and order.is_editable and not seen.is_signed and staff.can(Permission.ORDER_CHANGE),
        "may_photograph": own and is_here and staff.can(Permission.ORDER_CHANGE),
        "paper_to_sign": paper if is_here and own and not is_signed and staff.can(Permission.SIGNATURE_TAKE) else None,
    }


# ── Walk-round ───────────────────────────────────────────────────────────────────────────────────────────────────────
def order_walk_round(request, pk):
    order = own_order(request, pk)
    known = visits.walk_round_of(order)
    sheet = forms.WalkRoundSheet(request.POST or None, known=known)
    gauge = forms.GaugeForm(request.POST or None, initial={"fuel_percent": order.fuel_percent})
    if sheet.is_sent and sheet.is_valid() and gauge.is_valid():
        given = {**sheet.given(), **sheet.seen(), **gauge.cleaned_data}
        if attempt(sheet.form, lambda: actions.record_walk_round(
            order=order, by=request.user, at=timezone.now(), **given
        )):  # fmt: skip
            messages.success(request, _("The walk-round is recorded."))
            return redirect(_page_of(order))
    page = {"order": order, "sheet": sheet, "gauge": gauge, "car_parts": visits.car_parts()}
    return render(request, "reception/walk_round.html", page, status=status_of(request, sheet.form))


def belongings_shown(walk_round) -> list[str]:
    if walk_round is None:
        return []
    note = [walk_round.belongings_note] if walk_round.belongings_note else []
    return [str(Belonging(one).label) for one in walk_round.belongings] + note


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def order_photos(request, pk):
    """All photos of an order, and more of them."""
    order = own_order(request, pk)
    form = forms.PhotosForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        taken = attempt(form, lambda: actions.take_photos(
            order=order, uploads=typed["photos"], topic=typed["topic"], note=typed["note"], by=request.user,
            at=timezone.now(),
        ))  # fmt: skip
        if taken:
            messages.success(request, _("%(count)s photos are kept.") % {"count": len(taken)})
            return redirect("reception:order_photos", order.pk)
    page = {
        "order": order, "form": form, "photos": order.photos.select_related("file", "taken_by"),
        "may_remove": visits.signature_on(order, SignedPaper.ORDER) is None,
    }  # fmt: skip
    return render(request, "reception/photos.html", page, status=status_of(request, form))


@require_safe
def photo(request, pk):
    return file_response(get_object_or_404(visits.photos_visible_to(request.user), pk=pk).file)


@require_safe
def photo_small(request, pk):
    return small_response(get_object_or_404(visits.photos_visible_to(request.user), pk=pk).file)


@require_POST
def photo_remove(request, pk):
    photo = get_object_or_404(visits.photos_visible_to(request.user), pk=pk)
    order = own_order(request, photo.order_id)
    actions.remove_photo(photo=photo, by=request.user, at=timezone.now())
    return redirect("reception:order_photos", order.pk)


# ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────
def order_sign(request, pk, paper):
    order = own_order(request, pk)
    return _sign(request, order, SignedPaper(paper) if paper in SignedPaper.values else paper)


def add_on_sign(request, pk):
    add_on = get_object_or_404(AddOn.objects.visible_to(request.user).prefetch_related("lines"), pk=pk)
    return _sign(request, own_order(request, add_on.order_id), SignedPaper.ADD_ON, add_on=add_on)


def _sign(request, order, paper, add_on=None):
    """Show the paper to the customer and take the signature."""
    actions.refuse_unsignable(order, paper, add_on)
    content = visits.content_to_sign(order, paper, add_on=add_on)
    form = forms.SignatureForm(
        request.POST or None, initial={"signer": order.customer.name, "seen": fingerprint(content)}
    )
    if request.method == "POST" and form.is_valid():
        signature = attempt(form, lambda: actions.sign(
            order=order, paper=paper, add_on=add_on, by=request.user, at=timezone.now(), **form.cleaned_data
        ))  # fmt: skip
        if signature:
            messages.success(request, _("Signed: %(paper)s") % {"paper": signature.get_paper_display()})
            return redirect(_page_of(order))
    page = {
        "order": order, "form": form, "paper": visits.paper_in_words(content), "car_parts": visits.car_parts(),
        "back": _page_of(order),
    }  # fmt: skip
    return render(request, "reception/signature_new.html", page, status=status_of(request, form))


@require_safe
def signature(request, pk):
    """What was signed, word for word, with its picture and fingerprint, and what has changed since."""
    signature = get_object_or_404(visits.signatures_visible_to(request.user), pk=pk)
    order = queries.orders_with_papers(request.user).get(pk=signature.order_id)
    sheet = next(one for one in visits.evidence_of(order).signed if one.signature.pk == signature.pk)
    page = {
        "order": order, "signature": signature, "paper": visits.paper_in_words(signature.content),
        "changes": sheet.changes, "is_whole": fingerprint(signature.content) == signature.content_hash,
        "car_parts": visits.car_parts(),
    }  # fmt: skip
    return render(request, "reception/signature.html", page)


@require_safe
def signature_image(request, pk) -> HttpResponse:
    signature = get_object_or_404(visits.signatures_visible_to(request.user), pk=pk)
    if signature.file is None:
        raise Http404
    return file_response(signature.file)


def _page_of(order) -> str:
    return reverse("reception:order", args=[order.pk])
