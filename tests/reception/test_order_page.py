"""The order page with everything found on it; lines written, copied and shared by people who meet on one order."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dealer_crm.notices.models import Notice
from dealer_crm.organization.choices import TeamKind
from reception import actions
from reception.actions import LineDraft
from reception.choices import AddOnState, AppointmentState, DelayCause, LineKind, OrderState, SuggestionState
from reception.models import AddOn, Suggestion
from tests.factories.appointments import AppointmentFactory
from tests.factories.files import picture, upload
from tests.factories.organization import TeamFactory
from tests.factories.reception import AddOnFactory, RepairOrderFactory, SuggestionFactory, VehicleFactory
from tests.factories.workshop import JobFactory

pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def desk(people):
    return signed_in(people.advisor)


@pytest.fixture
def order(people):
    return RepairOrderFactory(advisor=people.advisor, state=OrderState.IN_PROGRESS, began_at=timezone.now())


def at(name, *args):
    return reverse(f"reception:{name}", args=args)


def rows(*lines, prefix="lines"):
    """Lines as the editor sends them."""
    sent = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": 0}
    for number, line in enumerate(lines):
        whole = {"kind": "labour", "quantity": "1", "unit_price": "120", "payer": "customer", **line}
        sent |= {f"{prefix}-{number}-{name}": value for name, value in whole.items()}
    return sent


def typed(value):
    return f"{timezone.localtime(value):%Y-%m-%dT%H:%M}"


# ── Add-ons ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_add_on_goes_from_the_technician_to_the_order(people, order, desk):
    JobFactory(order=order, technician=people.technician, team=people.mechanics)
    sent = signed_in(people.technician).post(
        at("add_on_new", order.pk), {"reason": "刹车片磨损", "urgency": "safety", **rows()}
    )
    assert sent.status_code == 302
    add_on = AddOn.objects.get()
    assert Notice.objects.get().recipient == people.advisor

    desk.post(
        at("add_on_edit", add_on.pk),
        {"reason": "刹车片磨损", "urgency": "safety", "version": 1, **rows({"name": "更换刹车片"})},
    )
    assert "更换刹车片" in desk.get(at("order_findings", order.pk)).text
    later = order.promised_at + timedelta(hours=2)
    answer = {
        "answered_by": "王女士",
        "way": "phone",
        "answered_at": typed(timezone.now()),
        "promised_at": typed(later),
    }
    agreed = desk.post(at("add_on_agree", add_on.pk), {**answer, "version": 2})

    add_on.refresh_from_db()
    order.refresh_from_db()
    assert (agreed.status_code, add_on.state) == (302, AddOnState.AGREED)
    assert [line.name for line in order.lines.all()] == ["更换机油机滤", "更换刹车片"]
    assert typed(order.promised_at) == typed(later)
    assert "王女士" in desk.get(at("order_findings", order.pk)).text


def test_a_declined_add_on_is_kept_as_a_suggestion_with_the_same_form(order, desk):
    add_on = AddOnFactory(order=order, proposed_at=order.arrived_at)
    page = desk.get(at("add_on_decline", add_on.pk))
    assert page.context["form"]["is_suggested"].value() is True

    desk.post(
        at("add_on_decline", add_on.pk),
        {
            "answered_by": "王女士", "way": "in_person", "answered_at": typed(timezone.now()), "is_suggested": "on",
            "follow_up_on": "2099-01-05",
        },
    )  # fmt: skip

    made = Suggestion.objects.get()
    assert (made.add_on, str(made.follow_up_on)) == (add_on, "2099-01-05")


def test_a_refused_answer_is_shown_at_its_field_and_keeps_what_was_typed(order, desk):
    add_on = AddOnFactory(order=order)
    ahead = timezone.now() + timedelta(hours=1)

    page = desk.post(
        at("add_on_agree", add_on.pk), {"answered_by": "王女士", "way": "phone", "answered_at": typed(ahead)}
    )

    assert page.status_code == 422
    assert page.context["form"].errors["answered_at"]
    assert "王女士" in page.text


def test_another_advisors_add_on_is_not_mine_to_answer(people, order):
    add_on = AddOnFactory(order=order)
    stranger = signed_in(people.second_advisor)

    assert stranger.get(at("add_on_agree", add_on.pk)).status_code == 403
    assert signed_in(people.frontdesk).get(at("add_on_agree", add_on.pk)).status_code == 200
    assert signed_in(people.technician).get(at("add_on_agree", add_on.pk)).status_code == 403


# ── Suggestions ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_earlier_visits_left_open_is_on_the_page_and_taken_up_with_one_press(order, desk):
    made = SuggestionFactory(vehicle=order.vehicle)
    assert made.name in desk.get(at("order_findings", order.pk)).text

    desk.post(at("suggestion_take_up", made.pk, order.pk))

    made.refresh_from_db()
    assert (made.state, made.done_in) == (SuggestionState.DONE, order)
    assert order.lines.last().name == made.name


def test_a_suggestion_is_made_on_the_order_and_at_the_car(order, desk):
    words = {"name": "更换轮胎", "reason": "胎纹 2 毫米", "urgency": "soon", "quoted_amount": "1600"}

    desk.post(at("suggestion_new", order.pk), words)
    desk.post(at("vehicle_suggestion_new", order.vehicle_id), words)

    assert [(one.order, one.vehicle) for one in Suggestion.objects.order_by("pk")] == [
        (order, order.vehicle),
        (None, order.vehicle),
    ]
    assert desk.get(at("vehicle", order.vehicle_id)).text.count("更换轮胎") >= 2


def test_the_list_shows_open_suggestions_of_the_store_most_urgent_first(people, desk):
    soon = SuggestionFactory(vehicle__store=people.store)
    safety = SuggestionFactory(vehicle__store=people.store, urgency="safety")
    SuggestionFactory()  # another store's
    ended = SuggestionFactory(
        vehicle__store=people.store, state=SuggestionState.DECLINED, ended_at=timezone.now(), decline_reason="太贵"
    )

    assert desk.get(at("suggestions")).context["page"].rows == [safety, soon]
    assert desk.get(at("suggestions"), {"state": "declined"}).context["page"].rows == [ended]
    assert desk.get(at("suggestions"), {"q": soon.vehicle.plate}).context["page"].rows == [soon]


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_labour_line_is_shared_by_several_technicians_in_the_page(people, order, desk):
    address = at("line_shares", order.pk, 1)
    both = [{"technician": people.technician.pk}, {"technician": people.second_technician.pk}]

    def share(*percents):
        sent = {"shares-TOTAL_FORMS": len(percents), "shares-INITIAL_FORMS": 0}
        for number, percent in enumerate(percents):
            sent |= {f"shares-{number}-technician": both[number]["technician"], f"shares-{number}-percent": percent}
        return desk.post(address, sent)

    assert share("60", "30").status_code == 422
    assert share("60", "40").status_code == 302
    first = list(order.lines.get().shares.order_by("pk").values_list("technician", "share"))
    assert share("", "").status_code == 302

    assert first == [(people.technician.pk, Decimal("0.6")), (people.second_technician.pk, Decimal("0.4"))]
    assert [one.share for one in order.lines.get().shares.all()] == [Decimal("0.5")] * 2


def test_lines_of_the_last_visit_are_copied_into_the_editor_and_saved_with_the_rest(people, desk):
    car = VehicleFactory(store=people.store)
    RepairOrderFactory(
        advisor=people.advisor, vehicle=car, state=OrderState.DELIVERED, lines=[{"name": "更换空调滤芯"}],
        began_at=timezone.now() - timedelta(days=90),
    )  # fmt: skip
    order = RepairOrderFactory(advisor=people.advisor, vehicle=car, began_at=timezone.now())

    page = desk.get(at("order_lines", order.pk), {"copy": "last"})
    shown = [form.initial.get("name") for form in page.context["lines"].forms]
    sent = rows({"name": "更换机油机滤", "number": 1}, {"name": "更换空调滤芯"})
    desk.post(at("order_lines", order.pk) + "?copy=last", {**sent, "lines-INITIAL_FORMS": 2, "version": 1})

    assert shown == ["更换机油机滤", "更换空调滤芯", None]
    assert [line.name for line in order.lines.all()] == ["更换机油机滤", "更换空调滤芯"]


def test_who_saves_second_reads_what_changed_keeps_what_was_typed_and_loses_nobodys_line(people, order, desk):
    brought = LineDraft(LineKind.PART, "雨刮片", Decimal(2), Decimal("45.00"))
    actions.add_line(order=order, line=brought, by=people.frontdesk, at=timezone.now())

    sent = {**rows({"name": "更换机油机滤（全合成）", "number": 1}), "version": 1}
    late = desk.post(at("order_lines", order.pk), sent)
    assert late.status_code == 412
    assert people.frontdesk.name in late.text
    assert "雨刮片" in late.text
    again = {}
    for form in late.context["lines"].forms:
        again |= {form.add_prefix(name): form[name].value() or "" for name in form.fields if name != "DELETE"}
    count = len(late.context["lines"].forms)
    again |= {"lines-TOTAL_FORMS": count, "lines-INITIAL_FORMS": 0, "version": late.context["form"]["version"].value()}
    assert desk.post(at("order_lines", order.pk), again).status_code == 302

    assert [line.name for line in order.lines.all()] == ["更换机油机滤（全合成）", "雨刮片"]


def test_an_act_on_an_old_page_says_what_changed_and_may_be_sent_again(people, order, desk):
    actions.edit_order(order=order, by=people.frontdesk, at=timezone.now(), symptoms="漏油")
    later = order.promised_at + timedelta(hours=1)
    sent = {"promised_at": typed(later), "confirmed_by": "王女士", "reason": "等配件", "version": 1}

    late = desk.post(at("order_promise", order.pk), sent)
    again = desk.post(at("order_promise", order.pk), {**sent, "version": late.context["form"]["version"].value()})

    assert (late.status_code, again.status_code) == (412, 302)
    assert "漏油" in late.text
    assert "等配件" in late.text


# ── Delays ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_manager_ticks_off_delays_called_the_customers_cause(people):
    late = RepairOrderFactory(
        advisor=people.advisor, state=OrderState.DELIVERED, delay_cause=DelayCause.CUSTOMER, delay_note="客户晚到"
    )
    RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, delay_cause=DelayCause.SHOP)
    manager = signed_in(people.manager)
    assert manager.get(at("delays")).context["page"].rows == [late]

    assert manager.post(at("delay_check", late.pk), {"note": ""}).status_code == 422
    manager.post(at("delay_check", late.pk), {"note": "已致电，属实"})
    second = manager.post(at("delay_check", late.pk), {"note": "再查"})

    assert manager.get(at("delays")).context["page"].rows == []
    assert manager.get(at("delays"), {"checked": 1}).context["page"].rows == [late]
    late.refresh_from_db()
    assert (late.delay_checked_by, late.delay_check_note) == (people.manager, "已致电，属实")
    assert second.status_code == 422
    assert signed_in(people.advisor).get(at("delays")).status_code == 403


def test_the_story_tells_add_ons_suggestions_and_the_work_of_the_shop(people, order, desk):
    add_on = actions.propose_add_on(
        order=order, reason="漏油", lines=[LineDraft(LineKind.LABOUR, "更换油封", Decimal(1), Decimal(120))],
        by=people.advisor, at=timezone.now(),
    )  # fmt: skip
    actions.decline_add_on(add_on=add_on, answered_by="王女士", way="phone", by=people.advisor, at=timezone.now())

    story = [deed.text for deed in desk.get(at("order_story", order.pk)).context["story"]]

    assert len(story) == 3  # suggested, declined, proposed


def _count(client, address) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_pages_ask_the_same_questions_for_one_finding_and_for_thirty(people, order, desk):
    def find():
        AddOnFactory(order=order, lines=3)
        SuggestionFactory(vehicle=order.vehicle, order=order)
        SuggestionFactory(vehicle=order.vehicle)

    def late():
        RepairOrderFactory(advisor=people.advisor, state=OrderState.DELIVERED, delay_cause=DelayCause.CUSTOMER)

    manager = signed_in(people.manager)
    find()
    late()
    pages = [(desk, at("order", order.pk)), (desk, at("order_findings", order.pk)),
             (desk, at("order_story", order.pk)), (desk, at("suggestions")), (desk, at("vehicle", order.vehicle_id)),
             (desk, at("order_lines", order.pk)), (manager, at("delays"))]  # fmt: skip
    with_one = [_count(client, address) for client, address in pages]
    for _ in range(29):
        find()
        late()

    assert [_count(client, address) for client, address in pages] == with_one


def test_photos_of_a_finding_stand_with_it(people, order):
    sent = {"reason": "油封渗油", "urgency": "soon", "photos": [upload(picture())], **rows()}

    signed_in(people.technician).post(at("add_on_new", order.pk), sent)

    shown = order.add_ons.get().photos.get()
    assert (shown.topic, shown.taken_by) == ("finding", people.technician)
    assert at("photo_small", shown.pk) in signed_in(people.advisor).get(at("order_findings", order.pk)).text


# ── For whom what is shown ───────────────────────────────────────────────────────────────────────────────────────────
def test_an_appointment_is_a_link_for_those_who_may_open_it(people):
    expected = AppointmentFactory(store=people.store, starts_at=timezone.now())
    come = AppointmentFactory(store=people.store, state=AppointmentState.ARRIVED)
    pages = {at("today") + "?all=1": expected, at("order", come.order.pk): come}
    for person, is_link in [(people.frontdesk, True), (people.cashier, False), (people.inspector, False)]:
        for url, appointment in pages.items():
            told = signed_in(person).get(url).content.decode()
            assert ((at("appointment", appointment.pk) in told), url) == (is_link, url)
            assert url != at("today") + "?all=1" or expected.plate in told


def test_the_board_opens_on_the_own_cars_of_who_advises_and_on_all_of_who_oversees(people):
    RepairOrderFactory(advisor=people.second_advisor, state=OrderState.OPEN)
    for person, asked, seen in [
        (people.advisor, "", 0), (people.advisor, "?all=1", 1), (people.frontdesk, "", 1),
        (people.frontdesk, "?own=1", 0), (people.manager, "", 1),
    ]:  # fmt: skip
        board = signed_in(person).get(at("today") + asked).context["board"]
        assert (person, asked, len(board.waiting)) == (person, asked, seen)


def test_work_is_given_to_teams_of_the_workshop_and_a_line_keeps_the_team_it_names(desk, people, order):
    parts, _care = (
        TeamFactory(store=people.store, name=name, kind=kind)
        for name, kind in [("配件组", TeamKind.PARTS), ("客服组", TeamKind.CUSTOMER_CARE)]
    )
    workshop = {people.mechanics.name, people.painters.name, people.fitters.name}

    def offered():
        form = desk.get(at("order_lines", order.pk)).context["lines"].forms[0]
        return [{label for _key, label in form.fields[name].choices} - {""} for name in ("team", "installation_team")]

    assert offered() == [workshop, workshop]
    order.lines.update(team=parts)
    assert offered() == [workshop | {"配件组"}] * 2
