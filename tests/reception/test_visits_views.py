"""Walk-round, photos, signatures and hand-over in the pages."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reception import actions
from reception.choices import MarkKind, OrderState
from reception.models import OrderPhoto, Signature, WalkRound
from tests.factories import cast
from tests.factories.files import photo, picture, upload
from tests.factories.reception import RepairOrderFactory
from tests.factories.visits import OrderPhotoFactory, SignatureFactory

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"reception:{name}", args=args)


@pytest.fixture
def desk(client, people):
    client.force_login(people.advisor)
    return client


def drawn() -> str:
    return "data:image/png;base64," + b64encode(picture(300, 100, form="PNG", colour="white")).decode()


def sheet(*marks, **said) -> dict:
    rows = {"marks-TOTAL_FORMS": len(marks), "marks-INITIAL_FORMS": 0}
    for place, mark in enumerate(marks):
        rows |= {f"marks-{place}-{name}": value for name, value in mark.items()}
    return rows | said


TAPPED = {"kind": "scratch", "part": "left_front_door", "x": 210, "y": 420, "note": "10 cm"}
BY_HAND = {"kind": "dent", "part": "boot_lid", "x": "", "y": "", "note": ""}


# ── Walk-round ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_marks_are_tapped_on_the_diagram_or_named_by_their_part(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)

    answer = desk.post(
        at("order_walk_round", order.pk), sheet(TAPPED, BY_HAND, belongings=["dashcam"], fuel_percent=40)
    )

    assert answer.url == at("order", order.pk)
    order.refresh_from_db()
    marks = desk.get(at("order_evidence", order.pk)).context["seen"].marks
    assert [(one.kind, one.part, one.note) for one in marks] == [
        ("scratch", "left_front_door", "10 cm"),
        ("dent", "boot_lid", ""),
    ]
    assert (marks[0].x, marks[0].y, order.fuel_percent) == (210, 420, 40)


def test_a_part_chosen_by_hand_counts_more_than_the_tap_before(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk.post(at("order_walk_round", order.pk), sheet({**TAPPED, "part": "roof"}, {**TAPPED, "part": "roof"}))

    marks = desk.get(at("order_evidence", order.pk)).context["seen"].marks
    assert [one.part for one in marks] == ["roof", "roof"]
    assert len({(one.x, one.y) for one in marks}) == 2  # beside each other


def test_a_sheet_changed_by_somebody_else_meanwhile_answers_412_and_stays_filled_in(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    marks = [actions.MarkDraft(MarkKind.RUST, 500, 500)]
    actions.record_walk_round(order=order, marks=marks, by=people.frontdesk, at=timezone.now())

    answer = desk.post(at("order_walk_round", order.pk), sheet(TAPPED, belongings_note="儿童座椅"))

    assert answer.status_code == 412
    assert answer.context["sheet"].form["belongings_note"].value() == "儿童座椅"
    assert WalkRound.objects.get().marks.get().kind == "rust"


def test_a_sheet_is_changed_from_what_stands(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    desk.post(at("order_walk_round", order.pk), sheet(TAPPED))
    known = desk.get(at("order_walk_round", order.pk)).context["sheet"]
    assert [form.initial["part"] for form in known.marks.forms] == ["left_front_door"]

    seen_at = known.form.initial["seen_at"]
    desk.post(at("order_walk_round", order.pk), sheet(seen_at=seen_at, is_unmarked="on"))

    assert WalkRound.objects.get().is_unmarked
    assert not WalkRound.objects.get().marks.exists()


@pytest.mark.parametrize("wrong", [{"x": 1001}, {"part": "wing"}, {"kind": "hole"}, {"note": "长" * 121}])
def test_a_mark_that_makes_no_sense_is_told_in_its_row(desk, people, wrong):
    order = RepairOrderFactory(advisor=people.advisor)

    answer = desk.post(at("order_walk_round", order.pk), sheet({**TAPPED, **wrong}))

    assert answer.status_code == 422
    assert list(answer.context["sheet"].marks.forms[0].errors) == list(wrong)


# ── Photos ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_photos_are_brought_looked_at_and_taken_away(desk, people, django_capture_on_commit_callbacks):
    order = RepairOrderFactory(advisor=people.advisor)
    with django_capture_on_commit_callbacks(execute=True):
        brought = {"photos": [photo("1.jpg"), photo("2.jpg")], "topic": "walk_round", "note": "左前"}
        answer = desk.post(at("order_photos", order.pk), brought)
    assert answer.url == at("order_photos", order.pk)

    first, second = OrderPhoto.objects.all()
    shown = desk.get(at("photo", first.pk))
    assert (shown["Content-Type"], shown["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8\xff")
    assert desk.get(at("photo_small", first.pk)).status_code == 200
    desk.post(at("photo_remove", second.pk))
    assert OrderPhoto.objects.get() == first


@pytest.mark.parametrize(
    ("brought", "told"),
    [([], "请先选择或拍摄照片"), ([upload(b"<svg/>", "a.jpg")], "不能接收 a.jpg"), ([upload(b"", "b.jpg")], "空")],
)
def test_what_is_no_photo_is_told_at_its_field(desk, people, brought, told):
    order = RepairOrderFactory(advisor=people.advisor)

    answer = desk.post(at("order_photos", order.pk), {"photos": brought, "topic": "walk_round"})

    assert answer.status_code == 422
    assert told in str(answer.context["form"].errors["photos"])


def test_photos_and_signatures_of_another_store_are_not_there(desk, people):
    elsewhere = RepairOrderFactory(advisor=cast.of_second_store().advisor)
    photo, signature = OrderPhotoFactory(order=elsewhere), SignatureFactory(order=elsewhere)
    looked = [at("photo", photo.pk), at("photo_small", photo.pk), at("signature", signature.pk),
              at("signature_image", signature.pk), at("order_walk_round", elsewhere.pk)]  # fmt: skip

    assert {url: desk.get(url).status_code for url in looked} == dict.fromkeys(looked, 404)
    assert desk.post(at("photo_remove", photo.pk)).status_code == 404


def test_a_colleagues_order_is_looked_at_and_not_written(desk, people):
    order = RepairOrderFactory(advisor=people.second_advisor)
    OrderPhotoFactory(order=order)

    assert desk.get(at("photo", order.photos.get().pk)).status_code == 200
    written = [at("order_walk_round", order.pk), at("order_photos", order.pk), at("order_sign", order.pk, "order"),
               at("photo_remove", order.photos.get().pk)]  # fmt: skip
    assert {url: desk.post(url).status_code for url in written} == dict.fromkeys(written, 403)


# ── Signatures ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_customer_signs_what_the_page_shows(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    page = desk.get(at("order_sign", order.pk, "order"))
    posted = {"signer": "王先生", "image": drawn(), "seen": page.context["form"].initial["seen"]}

    answer = desk.post(at("order_sign", order.pk, "order"), posted)

    assert answer.url == at("order", order.pk)
    signature = Signature.objects.get()
    kept = desk.get(at("signature", signature.pk))
    assert kept.context["is_whole"]
    assert signature.content_hash in kept.content.decode()


def test_what_changed_while_it_was_read_is_shown_again_and_not_signed(desk, people):
    order = RepairOrderFactory(advisor=people.advisor)
    seen = desk.get(at("order_sign", order.pk, "order")).context["form"].initial["seen"]
    actions.edit_order(order=order, symptoms="另有异响", by=people.frontdesk, at=timezone.now())

    answer = desk.post(at("order_sign", order.pk, "order"), {"signer": "王先生", "image": drawn(), "seen": seen})

    assert answer.status_code == 412
    assert "另有异响" in answer.content.decode()
    assert not Signature.objects.exists()


def test_the_cashier_takes_the_signature_under_a_settlement(client, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)
    client.force_login(people.cashier)

    client.post(at("order_sign", order.pk, "settlement"), {"signer": "王先生", "is_on_paper": "on"})

    assert Signature.objects.get().taken_by == people.cashier


@pytest.mark.parametrize("paper", ["order", "receipt"])
def test_a_paper_whose_time_is_over_or_that_does_not_exist_is_refused_before_it_is_shown(desk, people, paper):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED)

    assert desk.get(at("order_sign", order.pk, paper), headers={"HX-Request": "true"}).status_code == 422


def test_an_altered_record_is_told(desk, people):
    signature = SignatureFactory(order=RepairOrderFactory(advisor=people.advisor))
    Signature.objects.update(content={**signature.content, "estimate": "1.00"})

    assert desk.get(at("signature", signature.pk)).context["is_whole"] is False


def test_the_evidence_asks_the_same_questions_for_one_photo_and_for_thirty(desk, people):
    def queries_of(count):
        order = RepairOrderFactory(advisor=people.advisor)
        OrderPhotoFactory.create_batch(count, order=order)
        SignatureFactory.create_batch(count, order=order)
        marks = [actions.MarkDraft(MarkKind.DENT, 10 * place, 500) for place in range(count)]
        WalkRound.objects.filter(order=order).delete()
        Signature.objects.filter(order=order).update(paper="settlement")
        actions.record_walk_round(order=order, marks=marks, by=people.advisor, at=timezone.now())
        desk.get(at("order_evidence", order.pk))
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(at("order_evidence", order.pk)).status_code == 200
        return len(seen)

    assert queries_of(1) == queries_of(30)


# ── Delivery ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def settled(people):
    began = timezone.now() - timedelta(hours=4, minutes=30)
    return RepairOrderFactory(
        advisor=people.advisor, state=OrderState.SETTLED, began_at=began, keeps_old_parts=True, mileage=12_000
    )


def test_a_car_is_handed_over_explained_signed_and_with_its_old_parts(desk, settled):
    posted = {
        "version": 1, "was_explained": "on", "old_parts_returned": "on", "next_service_on": "2030-01-01",
        "next_service_km": 22_000, "signer": "王先生", "image": drawn(),
    }  # fmt: skip
    answer = desk.post(at("order_deliver", settled.pk), posted)

    assert answer.url == at("order_delivered", settled.pk)
    settled.refresh_from_db()
    assert (settled.state, settled.was_explained, settled.old_parts_returned) == (OrderState.DELIVERED, True, True)
    signature = Signature.objects.get()
    assert (signature.paper, signature.content["next_service_km"]) == ("delivery", 22_000)
    after = desk.get(answer.url).content.decode()
    assert reverse("satisfaction:invite_code", args=[settled.pk]) in after
    assert "22,000 km" in desk.get(at("order_sticker", settled.pk)).content.decode()


def test_a_car_does_not_go_before_the_bill_is_explained(desk, settled):
    answer = desk.post(at("order_deliver", settled.pk), {"version": 1})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["was_explained"]
    settled.refresh_from_db()
    assert settled.state == OrderState.SETTLED


def test_an_empty_pad_is_no_reason_to_keep_the_car_but_a_wrong_one_is(desk, settled):
    wrong = desk.post(at("order_deliver", settled.pk), {"version": 1, "was_explained": "on", "image": "data:,x"})
    assert wrong.status_code == 422
    settled.refresh_from_db()
    assert settled.state == OrderState.SETTLED  # both or neither

    desk.post(at("order_deliver", settled.pk), {"version": 1, "was_explained": "on"})
    settled.refresh_from_db()
    assert settled.state == OrderState.DELIVERED
    assert not Signature.objects.exists()


def test_old_parts_are_asked_about_only_when_the_customer_wants_them(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.SETTLED, began_at=timezone.now())
    assert "old_parts_returned" not in desk.get(at("order_deliver", order.pk)).context["form"].fields

    posted = {"version": 1, "was_explained": "on", "old_parts_returned": "on"}
    desk.post(at("order_deliver", order.pk), posted)
    order.refresh_from_db()
    assert order.old_parts_returned is None


def test_a_sticker_without_a_next_service_says_so(desk, people):
    order = RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED)

    assert desk.get(at("order_sticker", order.pk)).url == at("order", order.pk)
