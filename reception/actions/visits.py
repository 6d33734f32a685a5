"""Walk-round, photos and signatures. Source: spec `reception.md` (Intake, Delivery)."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.files.actions import drop_file, keep_file
from dealer_crm.files.choices import FileKind
from dealer_crm.files.formulas import Unreadable, is_blank
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal, Stale
from reception.actions.locking import locked_order, saved
from reception.choices import (
    AddOnState,
    Belonging,
    MarkKind,
    OrderState,
    PhotoTopic,
    SignedPaper,
)
from reception.formulas.signing import fingerprint
from reception.models import AddOn, OrderPhoto, RepairOrder, Signature, WalkRound, WalkRoundMark
from reception.queries.visits import (
    content_to_sign,
    estimate_of,
    live_settlement,
    marks_of,
    signature_on,
    walk_round_of,
)

MOST_MARKS = 60
MOST_PHOTOS = 40
"""Of one order: more is a mistake of the camera, not a finding."""


@dataclass(frozen=True)
class MarkDraft:
    """A mark as somebody puts it; `x` and `y` in thousandths of the diagram."""

    kind: MarkKind
    x: int
    y: int
    note: str = ""


# ── Walk-round ───────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def record_walk_round(
    *, order: RepairOrder, marks: Sequence[MarkDraft] = (), belongings: Sequence[Belonging] = (),
    belongings_note: str = "", note: str = "", is_unmarked: bool = False, by, at: datetime,
    fuel_percent: int | None = None, seen_at: datetime | None = None, is_first: bool = False,
) -> WalkRound:  # fmt: skip
    """Write down what is seen on the walk around the car, in place of what was written before.

    Until the customer has signed the order; afterwards it stands. `fuel_percent`: what the gauge shows, if it is read
    on this walk. `seen_at`: when the sheet the person changes was recorded, `is_first` when there was none; another one
    in the meantime raises Stale.
    """
    order = locked_order(order)
    _refuse_absent(order)
    _refuse_signed(order)
    former = walk_round_of(order)
    if former and (is_first or (seen_at and former.walked_at != seen_at)):
        raise Stale(
            _("%(name)s recorded the walk-round at %(time)s. Load it again; nothing was overwritten.")
            % {"name": former.walked_by or _("The program"), "time": f"{timezone.localtime(former.walked_at):%H:%M:%S}"}
        )
    _refuse_unclear(marks, belongings, is_unmarked)
    if fuel_percent is not None and not 0 <= fuel_percent <= 100:
        raise Refusal(_("The gauge shows 0 to 100 %."), field="fuel_percent", code="fuel_wrong")
    before = _told(former)
    walk_round, _was_new = WalkRound.objects.update_or_create(
        order=order,
        defaults={
            "belongings": [one.value for one in Belonging if one in belongings],
            "belongings_note": belongings_note.strip(), "note": note.strip(), "is_unmarked": is_unmarked,
            "walked_by": by, "walked_at": at,
        },
    )  # fmt: skip
    walk_round.marks.all().delete()
    WalkRoundMark.objects.bulk_create(
        WalkRoundMark(walk_round=walk_round, kind=mark.kind, x=mark.x, y=mark.y, note=mark.note.strip())
        for mark in marks
    )
    walk_round, changes = walk_round_of(order), {}
    if fuel_percent is not None and fuel_percent != order.fuel_percent:
        changes["fuel_percent"] = [order.fuel_percent, fuel_percent]
        order.fuel_percent = fuel_percent
        saved(order, "fuel_percent")
    journal.record(
        by=by,
        at=at,
        verb="repair_order.walked_round",
        subject=order,
        changes={"walk_round": [before, _told(walk_round)], **changes},
    )
    return walk_round


def _refuse_unclear(marks: Sequence[MarkDraft], belongings, is_unmarked: bool) -> None:
    if not marks and not is_unmarked:
        raise Refusal(
            _("Mark what you see on the car, or tick that no damage is seen."),
            field="is_unmarked",
            code="marks_missing",
        )
    if marks and is_unmarked:
        raise Refusal(
            _("There are marks on the sheet: take them away, or the tick at “no damage seen”."),
            field="is_unmarked",
            code="marks_contradict",
        )
    if len(marks) > MOST_MARKS:
        raise Refusal(
            _("At most %(most)s marks fit on the sheet; describe the rest in the note.") % {"most": MOST_MARKS},
            code="marks_too_many",
        )
    for mark in marks:
        if mark.kind not in MarkKind.values or not (0 <= mark.x <= 1000 and 0 <= mark.y <= 1000):
            raise Refusal(_("A mark lies outside the diagram or is of no known kind."), code="mark_wrong")
    if set(belongings) - set(Belonging.values):
        raise Refusal(_("Choose the belongings from the list."), field="belongings", code="belonging_unknown")


def _refuse_absent(order: RepairOrder) -> None:
    if order.state == OrderState.DRAFT:
        raise Refusal(_("The car of order %(number)s is not here yet.") % {"number": order.number}, code="car_absent")
    if order.state == OrderState.CANCELLED:
        raise Refusal(_("Order %(number)s is cancelled.") % {"number": order.number}, code="order_cancelled")


def _refuse_signed(order: RepairOrder) -> None:
    signature = signature_on(order, SignedPaper.ORDER)
    if signature:
        raise Refusal(
            _("%(signer)s signed at %(time)s: what was seen before stands as it is.")
            % {"signer": signature.signer, "time": f"{timezone.localtime(signature.signed_at):%m-%d %H:%M}"},
            code="walk_round_signed",
        )


def _told(walk_round: WalkRound | None) -> str | None:
    """A walk-round in one line of the journal."""
    if walk_round is None:
        return None
    words = [f"{mark.part_label} {mark.kind_label} {mark.note}".strip() for mark in marks_of(walk_round)]
    words += [str(Belonging(one).label) for one in walk_round.belongings]
    words += [walk_round.belongings_note, walk_round.note]
    return "、".join(filter(None, words)) or _("no damage seen")


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def take_photos(
    *, order: RepairOrder, uploads: Sequence, topic: PhotoTopic = PhotoTopic.WALK_ROUND, note: str = "",
    add_on: AddOn | None = None, by, at: datetime,
) -> list[OrderPhoto]:  # fmt: skip
    """Keep pictures of the car; all of them or, when one can't be read, none."""
    order = locked_order(order)
    _refuse_absent(order)
    if not uploads:
        raise Refusal(_("Choose or take a photo first."), field="photos", code="photo_missing")
    if topic not in PhotoTopic.values:
        raise Refusal(_("Say what the photos show."), field="topic", code="topic_unknown")
    if add_on is not None and add_on.order_id != order.pk:
        raise Refusal(_("The add-on belongs to another order."), code="add_on_wrong")
    if order.photos.count() + len(uploads) > MOST_PHOTOS:
        raise Refusal(
            _("An order keeps at most %(most)s photos.") % {"most": MOST_PHOTOS}, field="photos", code="photos_too_many"
        )
    photos = []
    for upload in uploads:
        file = keep_file(upload=upload, store=order.store, by=by, at=at, kinds=[FileKind.IMAGE], field="photos")
        photos.append(
            OrderPhoto.objects.create(
                order=order, add_on=add_on, topic=topic, note=note.strip(), taken_by=by, taken_at=at, file=file
            )
        )
    journal.record(
        by=by, at=at, verb="repair_order.photographed", subject=order,
        note=" ".join(filter(None, [str(PhotoTopic(topic).label), f"× {len(photos)}", note.strip()])),
    )  # fmt: skip
    return photos


@transaction.atomic
def remove_photo(*, photo: OrderPhoto, by, at: datetime) -> None:
    """Take a photo away that shows nothing of use; not once the customer has signed."""
    order = locked_order(photo.order)
    _refuse_signed(order)
    stored = photo.file
    photo.delete()
    drop_file(stored=stored, by=by, at=at)
    journal.record(by=by, at=at, verb="repair_order.photo_removed", subject=order, note=str(photo))


# ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────
@transaction.atomic
def sign(
    *, order: RepairOrder, paper: SignedPaper, signer: str, image: str = "", is_on_paper: bool = False,
    add_on: AddOn | None = None, seen: str = "", by, at: datetime,
) -> Signature:  # fmt: skip
    """Keep the customer's name under a paper, with word for word what was signed and its fingerprint.

    `image`: the drawing of the tablet as a data URL (PNG); none with `is_on_paper`. `seen`: the fingerprint of what the
    customer has read; when the paper says something else by now, nothing is signed (Stale).
    """
    order = locked_order(order)
    add_on = AddOn.objects.prefetch_related("lines").get(pk=add_on.pk) if add_on else None  # as it stands now
    refuse_unsignable(order, paper, add_on)
    if not signer.strip():
        raise Refusal(_("Name who signs."), field="signer", code="signer_missing")
    content = content_to_sign(order, paper, add_on=add_on)
    mark = fingerprint(content)
    if seen and seen != mark:
        raise Stale(_("The paper was changed while it was read. Show it to the customer again; nothing is signed."))
    known = order.signatures.filter(paper=paper, add_on=add_on, content_hash=mark).order_by("-id").first()
    if known:
        raise Refusal(
            _("This paper is signed already: %(signer)s, %(time)s.")
            % {"signer": known.signer, "time": f"{timezone.localtime(known.signed_at):%m-%d %H:%M}"},
            code="signed_already",
        )
    file = None if is_on_paper else _drawn(order, paper, image, by, at)
    signature = Signature.objects.create(
        order=order, add_on=add_on, paper=paper, signer=signer.strip(), file=file, content=content, content_hash=mark,
        signed_at=at, taken_by=by,
    )  # fmt: skip
    if paper == SignedPaper.ORDER and order.estimated_amount is None:
        order.estimated_amount = estimate_of(order)  # what the customer was told is from now on what was told
        saved(order, "estimated_amount")
    journal.record(
        by=by, at=at, verb="repair_order.signed", subject=order,
        note=" ".join(filter(None, [str(signature), _("on paper") if file is None else "", mark[:12]])),
    )  # fmt: skip
    return signature


def refuse_unsignable(order: RepairOrder, paper: SignedPaper, add_on: AddOn | None) -> None:
    """Each paper has its time; asked before the tablet is handed over, and once more when it comes back."""
    if paper not in SignedPaper.values:
        raise Refusal(_("There is no such paper to sign."), code="paper_unknown")
    _refuse_absent(order)
    if (paper == SignedPaper.ADD_ON) != (add_on is not None) or (add_on and add_on.order_id != order.pk):
        raise Refusal(_("Name the add-on that is signed."), code="add_on_missing")
    if add_on and add_on.state not in (AddOnState.PROPOSED, AddOnState.AGREED):
        raise Refusal(
            _("Add-on %(number)s is “%(state)s”; there is nothing to sign.")
            % {"number": add_on.number, "state": add_on.get_state_display()},
            code="add_on_ended",
        )
    if paper == SignedPaper.ORDER and not order.is_editable:
        raise Refusal(
            _("Order %(number)s is settled: the settlement is what is signed now.") % {"number": order.number},
            code="order_settled",
        )
    if paper == SignedPaper.SETTLEMENT and live_settlement(order) is None:
        raise Refusal(_("Order %(number)s is not settled yet.") % {"number": order.number}, code="not_settled")
    if paper == SignedPaper.DELIVERY and order.state != OrderState.DELIVERED:
        raise Refusal(_("Order %(number)s is not delivered yet.") % {"number": order.number}, code="not_delivered")


def _drawn(order: RepairOrder, paper: SignedPaper, image: str, by, at):
    head, _comma, written = image.partition(",")
    try:
        content = b64decode(written, validate=True) if head == "data:image/png;base64" else b""
    except NotBase64:
        content = b""
    if not content or _is_empty(content):
        raise Refusal(
            _("The pad is empty. Let the customer sign, or tick that the paper was signed."), field="image",
            code="signature_missing",
        )  # fmt: skip
    upload = ContentFile(content, name=f"{order.number}-{paper}.png")
    return keep_file(upload=upload, store=order.store, by=by, at=at, kinds=[FileKind.IMAGE], field="image")


def _is_empty(content: bytes) -> bool:
    try:
        return is_blank(content)
    except Unreadable:
        return True
