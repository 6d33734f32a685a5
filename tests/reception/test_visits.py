"""Walk-round, photos, signatures: what is written down at the gate stands afterwards."""

from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connection

from dealer_crm.files.models import StoredFile
from dealer_crm.files.queries import content_of
from dealer_crm.journal.models import Entry
from dealer_crm.values import Refusal, Stale
from reception import actions, queries
from reception.actions import LineDraft, MarkDraft
from reception.choices import Belonging, LineKind, MarkKind, OrderState, PhotoTopic, SignedPaper
from reception.formulas.signing import fingerprint
from reception.models import OrderPhoto, Signature, WalkRound
from reception.queries.visits import content_to_sign, evidence_of, paper_in_words
from tests.factories.files import PDF, photo, picture, upload
from tests.factories.reception import MORNING, RepairOrderFactory

pytestmark = pytest.mark.django_db(transaction=True)

AT = MORNING + timedelta(minutes=5)
SCRATCH = MarkDraft(MarkKind.SCRATCH, 200, 430, "10 cm")


def drawn(**options) -> str:
    return "data:image/png;base64," + b64encode(picture(300, 100, form="PNG", colour="white", **options)).decode()


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, lines=2)


def walk(order, people, *, marks=(SCRATCH,), at=AT, **said):
    return actions.record_walk_round(order=order, marks=marks, by=people.advisor, at=at, **said)


def sign(order, people, paper=SignedPaper.ORDER, *, at=AT, **said):
    given = {"signer": "王先生", "image": drawn(), **said}
    return actions.sign(order=order, paper=paper, by=people.advisor, at=at, **given)


def whole(order, people):
    return queries.whole_orders(people.advisor).get(pk=order.pk)


# ── Walk-round ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_is_seen_on_the_walk_around_the_car_is_written_down(order, people):
    walk(
        order,
        people,
        belongings=[Belonging.DASHCAM, Belonging.PAPERS],
        belongings_note="儿童座椅",
        note="下雨，车身有水",
    )

    seen = evidence_of(whole(order, people))
    assert [(mark.number, mark.kind, mark.part, mark.note) for mark in seen.marks] == [
        (1, "scratch", "left_front_door", "10 cm")
    ]
    assert seen.walk_round.belongings == ["papers", "dashcam"]  # in the order of the sheet
    assert (seen.walk_round.walked_by, seen.walk_round.walked_at) == (people.advisor, AT)
    assert Entry.objects.get(verb="repair_order.walked_round").subject_id == str(order.pk)


def test_it_is_changed_until_the_customer_has_signed_and_stands_afterwards(order, people):
    walk(order, people)
    walk(order, people, marks=[], is_unmarked=True, at=AT + timedelta(minutes=1))
    assert WalkRound.objects.get().marks.count() == 0

    sign(order, people)
    with pytest.raises(Refusal) as refused:
        walk(order, people)
    assert refused.value.code == "walk_round_signed"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"marks": []}, "marks_missing"),
        ({"is_unmarked": True}, "marks_contradict"),
        ({"marks": [MarkDraft(MarkKind.DENT, 1001, 5)]}, "mark_wrong"),
        ({"marks": [MarkDraft(MarkKind.DENT, -1, 5)]}, "mark_wrong"),
        ({"marks": [MarkDraft("hole", 5, 5)]}, "mark_wrong"),
        ({"marks": [SCRATCH] * 61}, "marks_too_many"),
        ({"belongings": ["crown"]}, "belonging_unknown"),
    ],
)
def test_a_sheet_that_says_nothing_or_nonsense_is_refused(order, people, said, code):
    with pytest.raises(Refusal) as refused:
        walk(order, people, **said)

    assert refused.value.code == code
    assert not WalkRound.objects.exists()


@pytest.mark.parametrize(("state", "code"), [("draft", "car_absent"), ("cancelled", "order_cancelled")])
def test_nobody_walks_around_a_car_that_is_not_here(people, state, code):
    with pytest.raises(Refusal) as refused:
        walk(RepairOrderFactory(advisor=people.advisor, state=state), people)

    assert refused.value.code == code


def test_of_two_people_who_walk_around_the_same_car_the_second_is_told(order, people):
    start = Barrier(2)

    def round_of(kind):
        start.wait()
        try:
            return walk(order, people, marks=[MarkDraft(kind, 500, 500)], is_first=True)
        except Stale as stale:
            return stale
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(round_of, [MarkKind.DENT, MarkKind.RUST]))

    assert sum(isinstance(answer, Stale) for answer in answers) == 1
    assert WalkRound.objects.get().marks.count() == 1


def test_a_change_of_a_sheet_somebody_changed_meanwhile_is_not_written(order, people):
    first = walk(order, people)
    walk(order, people, at=AT + timedelta(minutes=1))

    with pytest.raises(Stale):
        walk(order, people, at=AT + timedelta(minutes=2), seen_at=first.walked_at)


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_photos_are_kept_with_what_they_show(order, people):
    actions.take_photos(
        order=order, uploads=[photo(), photo()], topic=PhotoTopic.FINDING, note="刹车片", by=people.technician, at=AT
    )

    kept = OrderPhoto.objects.select_related("file")
    assert {(one.topic, one.note, one.taken_by, one.file.media_type) for one in kept} == {
        ("finding", "刹车片", people.technician, "image/jpeg")
    }
    assert kept[0].file.store == order.store


def test_one_photo_that_cannot_be_read_keeps_all_of_them_out(order, people, settings):
    with pytest.raises(Refusal) as refused:
        actions.take_photos(order=order, uploads=[photo(), upload(PDF, "车头.jpg")], by=people.advisor, at=AT)

    assert (refused.value.field, refused.value.code) == ("photos", "file_kind")
    assert not OrderPhoto.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_photo_is_taken_away_before_the_signature_and_not_after(order, people, settings):
    kept, useless = actions.take_photos(order=order, uploads=[photo(), photo()], by=people.advisor, at=AT)
    actions.remove_photo(photo=useless, by=people.advisor, at=AT)
    assert OrderPhoto.objects.get() == kept
    assert StoredFile.objects.get() == kept.file
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1

    sign(order, people, is_on_paper=True)
    with pytest.raises(Refusal):
        actions.remove_photo(photo=kept, by=people.advisor, at=AT)


def test_an_order_keeps_forty_photos(order, people):
    actions.take_photos(order=order, uploads=[photo(width=8, height=8) for _ in range(40)], by=people.advisor, at=AT)

    with pytest.raises(Refusal) as refused:
        actions.take_photos(order=order, uploads=[photo()], by=people.advisor, at=AT)
    assert refused.value.code == "photos_too_many"


# ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_signature_keeps_its_picture_its_time_and_word_for_word_what_was_signed(order, people):
    walk(order, people, belongings=[Belonging.DASHCAM])
    signature = sign(order, people)

    content = signature.content
    assert (content["number"], content["plate"], content["symptoms"]) == (order.number, order.vehicle.plate, "保养到期")
    assert [line["payable_amount"] for line in content["lines"]] == ["180.00", "180.00"]
    assert content["estimate"] == "360.00"
    assert content["walk_round"]["marks"] == [{"kind": "scratch", "x": 200, "y": 430, "note": "10 cm"}]
    assert signature.content_hash == fingerprint(content)
    assert (signature.signed_at, signature.taken_by, signature.file.media_type) == (AT, people.advisor, "image/png")
    assert content_of(signature.file).startswith(b"\x89PNG")
    order.refresh_from_db()
    assert order.estimated_amount == Decimal("360.00")  # what the customer was told from now on


def test_a_paper_signed_by_hand_has_no_picture(order, people):
    assert sign(order, people, image="", is_on_paper=True).file is None


@pytest.mark.parametrize(
    "image",
    [
        "",
        "data:image/png;base64,",
        "data:image/png;base64,%%%",
        "data:text/html;base64,PGI+",
        "data:image/png;base64," + b64encode(b"no picture").decode(),
        drawn(stroke=False),
    ],
)
def test_an_empty_pad_is_no_signature(order, people, image):
    with pytest.raises(Refusal) as refused:
        sign(order, people, image=image)

    assert (refused.value.field, refused.value.code) == ("image", "signature_missing")
    assert not Signature.objects.exists()


def test_nobody_signs_what_has_changed_while_it_was_read(order, people):
    seen = fingerprint(content_to_sign(whole(order, people), SignedPaper.ORDER))
    actions.edit_order(order=order, symptoms="另有异响", by=people.frontdesk, at=AT)

    with pytest.raises(Stale):
        sign(order, people, seen=seen)


def test_the_same_paper_is_signed_once(order, people):
    sign(order, people)

    with pytest.raises(Refusal) as refused:
        sign(order, people)
    assert refused.value.code == "signed_already"


def test_a_signature_pressed_twice_at_once_is_kept_once(order, people, settings):
    start = Barrier(2)

    def press(_time):
        start.wait()
        try:
            return sign(order, people)
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, range(2)))

    assert [one.code for one in answers if isinstance(one, Refusal)] == ["signed_already"]
    assert Signature.objects.count() == 1
    assert len([path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]) == 1


def add_line(order, people):
    line = LineDraft(kind=LineKind.PART, name="刹车片", quantity=Decimal(1), unit_price=Decimal(300))
    actions.add_line(order=order, line=line, by=people.frontdesk, at=AT)


def test_a_change_after_the_signature_is_told(order, people):
    sign(order, people)
    (sheet,) = evidence_of(whole(order, people)).signed
    assert sheet.changes == []

    add_line(order, people)
    (sheet,) = evidence_of(whole(order, people)).signed
    assert sheet.changes == ["项目"]  # the estimate the customer was told stands


def test_work_the_customer_agreed_to_later_is_a_paper_of_its_own(order, people):
    sign(order, people)
    line = LineDraft(kind=LineKind.PART, name="刹车片", quantity=Decimal(1), unit_price=Decimal(300))
    add_on = actions.propose_add_on(order=order, reason="刹车片磨损", lines=[line], by=people.advisor, at=AT)
    add_on_signature = sign(order, people, SignedPaper.ADD_ON, add_on=add_on)
    actions.agree_to_add_on(add_on=add_on, answered_by="王先生", way="signature", by=people.advisor, at=AT)

    assert add_on_signature.content["total"] == "300.00"
    assert [sheet.changes for sheet in evidence_of(whole(order, people)).signed] == [[], []]


def test_a_declined_add_on_and_somebody_elses_are_not_signed(order, people):
    other = RepairOrderFactory(advisor=people.advisor)
    line = LineDraft(kind=LineKind.PART, name="刹车片", quantity=Decimal(1), unit_price=Decimal(300))
    add_on = actions.propose_add_on(order=order, reason="刹车片磨损", lines=[line], by=people.advisor, at=AT)
    for refused_order, named in ((order, None), (other, add_on)):
        with pytest.raises(Refusal):
            sign(refused_order, people, SignedPaper.ADD_ON, add_on=named)
    actions.withdraw_add_on(add_on=add_on, reason="客户已离店", by=people.advisor, at=AT)

    with pytest.raises(Refusal) as refused:
        sign(order, people, SignedPaper.ADD_ON, add_on=add_on)
    assert refused.value.code == "add_on_ended"


@pytest.mark.parametrize(
    ("state", "paper", "code"),
    [
        (OrderState.DRAFT, SignedPaper.ORDER, "car_absent"),
        (OrderState.CANCELLED, SignedPaper.ORDER, "order_cancelled"),
        (OrderState.SETTLED, SignedPaper.ORDER, "order_settled"),
        (OrderState.READY, SignedPaper.SETTLEMENT, "not_settled"),
        (OrderState.SETTLED, SignedPaper.DELIVERY, "not_delivered"),
        (OrderState.OPEN, "receipt", "paper_unknown"),
    ],
)
def test_each_paper_has_its_time(people, state, paper, code):
    with pytest.raises(Refusal) as refused:
        sign(RepairOrderFactory(advisor=people.advisor, state=state), people, paper)

    assert refused.value.code == code


def test_a_settlement_is_signed_and_a_reversal_shows(people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, lines=2)
    assert sign(order, people, SignedPaper.SETTLEMENT).content["total"] == "360.00"
    settlement = order.settlements.get()
    actions.request_reversal(settlement=settlement, reason="付费方错误", by=people.cashier, at=AT)
    actions.reverse_settlement(settlement=settlement, by=people.manager, at=AT)

    (sheet,) = evidence_of(whole(order, people)).signed
    assert sheet.changes == ["结算已红冲"]


@pytest.mark.parametrize("paper", [SignedPaper.ORDER, SignedPaper.SETTLEMENT, SignedPaper.DELIVERY])
def test_a_paper_is_read_in_words(people, paper):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, lines=2)
    content = content_to_sign(whole(order, people), paper)

    shown = paper_in_words(content)
    assert order.number in dict(shown.facts).values()
    assert shown.terms
    assert len(shown.lines) == (0 if paper == SignedPaper.DELIVERY else 2)
