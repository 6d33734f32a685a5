"""The parts in a real browser: what the scripts do, under the real content policy (broken rules fail the fixture)."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from dealer_crm.access.roles import Role
from tests.factories.organization import StaffFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.ui.addresses"),
    pytest.mark.skipif(
        not (Path(settings.BASE_DIR) / "static" / "dist" / "main.js").is_file(),
        reason="the front end is not built (npm run build)",
    ),
]


@pytest.fixture
def parts(live_server, browser_page):
    """The gallery, opened by a service advisor who came in through the sign-in page."""
    staff = StaffFactory(role=Role.ADVISOR, username="liming", name="李明")
    staff.set_password("correct horse")
    staff.save()
    browser_page.goto(f"{live_server.url}/sign-in/?next=/parts/")
    browser_page.fill("input[name=username]", "liming")
    browser_page.fill("input[name=password]", "correct horse")
    browser_page.keyboard.press("Enter")
    browser_page.locator(".shell-main .stats").wait_for()
    return browser_page


def expect(locator):
    # Imported here, so that the file can be read on machines without the browser's driver.
    from playwright.sync_api import expect

    return expect(locator)


def focus(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name")


def test_nothing_reaches_over_the_edge_of_desk_tablet_or_phone(parts):
    wide = {}
    for width, height in ((1366, 768), (1024, 768), (768, 1024), (390, 844)):
        parts.set_viewport_size({"width": width, "height": height})
        wide[width] = parts.evaluate("document.documentElement.scrollWidth")
    assert wide == {1366: 1366, 1024: 1024, 768: 768, 390: 390}


def test_a_chart_is_drawn(parts):
    parts.locator("[data-chart=bars][data-drawn] canvas").wait_for()


def test_every_icon_of_the_page_is_in_the_sprite(parts):
    empty = parts.evaluate("""async () => {
        const drawn = await (await fetch('/static/icons.svg')).text();
        const sprite = new DOMParser().parseFromString(drawn, 'image/svg+xml');
        return [...document.querySelectorAll('svg.icon use')].map((use) => use.getAttribute('href').split('#')[1])
            .filter((name) => !sprite.getElementById(name));
    }""")
    assert empty == []


def test_a_question_with_a_reason_is_asked_and_the_form_is_sent_once(parts):
    sent = []
    parts.on("request", lambda request: request.method == "POST" and sent.append(request.post_data))
    parts.get_by_role("button", name="作废").click()
    dialog = parts.locator("#confirm.show")
    dialog.get_by_text("确定作废工单 BJ01-261121-0042？").wait_for()
    dialog.get_by_role("button", name="作废").click()
    assert (sent, focus(parts)) == ([], "confirm-reason")
    dialog.locator("textarea").fill("客户取消")
    with parts.expect_navigation():
        dialog.get_by_role("button", name="作废").click()
    assert [data.partition("&")[2] for data in sent] == ["reason=%E5%AE%A2%E6%88%B7%E5%8F%96%E6%B6%88"]


def test_a_refused_question_sends_nothing_and_a_second_click_meets_nothing_behind_it(parts):
    sent = []
    parts.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    parts.get_by_role("button", name="作废").click()
    no = parts.locator("#confirm.show").get_by_role("button", name="取消")
    no.wait_for()
    parts.evaluate(
        "document.addEventListener('click', (e) => e.target.closest('#confirm') || sessionStorage.setItem('hit', 1))"
    )
    no.dblclick()
    parts.locator("#confirm").wait_for(state="hidden")
    assert (sent, parts.evaluate("sessionStorage.getItem('hit')")) == ([], None)


def test_two_quick_presses_send_a_form_once(parts):
    sent = []
    parts.route("**/parts/", lambda route: parts.wait_for_timeout(300) or route.continue_())
    parts.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    with parts.expect_navigation():
        parts.get_by_role("button", name="派工").first.dblclick(no_wait_after=True)
    assert len(sent) == 1


def test_a_refusal_and_a_lost_page_are_said_in_the_corner(parts):
    parts.locator("#refused").click()
    parts.locator(".toast.show", has_text="此工单已结算").wait_for()
    assert parts.locator(".toast li").all_inner_texts() == ["先红冲结算单 JS-261121-0007", "再重新结算"]
    parts.locator("#lost").click()
    parts.locator(".toast.show", has_text="页面不存在。").wait_for()
    parts.locator("#refused").wait_for()


def test_a_fragment_opens_the_dialog_and_the_server_s_event_shuts_it(parts):
    parts.locator("#open-dialog").click()
    parts.locator("#dialog.show input[name=q]").wait_for()
    expect(parts.locator("#dialog input[name=q]")).to_be_focused()
    parts.locator("#dialog").get_by_role("button", name="确定").click()
    parts.locator("#dialog").wait_for(state="hidden")
    parts.locator(".toast.show", has_text="OK").wait_for()


def test_rows_are_added_and_taken_out_with_the_keyboard_alone(parts):
    rows = parts.locator("[data-formset]").first.locator("tr[data-row]:visible")
    assert rows.count() == 2
    rows.nth(1).locator("input").first.press("Enter")
    assert (rows.count(), focus(parts)) == (3, "id_lines-2-kind")
    assert parts.locator("input[name=lines-TOTAL_FORMS]").input_value() == "3"
    rows.nth(0).locator("[data-remove-row]").press("Enter")
    assert rows.count() == 2
    assert parts.locator("input[name=lines-0-DELETE]").is_checked()


def test_keys_press_buttons_but_not_while_somebody_types(parts):
    sent = []
    parts.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    parts.keyboard.press("/")
    assert focus(parts) == "search-box"
    parts.keyboard.type("d1")
    assert (sent, parts.locator("#search-box").input_value()) == ([], "d1")
    parts.keyboard.press("Escape")
    with parts.expect_navigation():
        parts.keyboard.press("d")
    assert len(sent) == 1


def test_a_filter_swaps_the_rows_and_keeps_them_in_the_address(parts):
    parts.locator(".filter-bar input[name=q]").press_sequentially("0003")
    expect(parts.locator("#rows tbody tr")).to_have_count(1)
    assert parts.locator("#rows tbody a").inner_text() == "BJ01-261121-0003"
    assert parts.url.rpartition("?")[2].startswith("q=0003&state=")
    assert focus(parts) == "id_q"
    parts.go_back()
    expect(parts.locator("#rows tbody tr")).to_have_count(6)


def test_the_person_menu_switches_the_language(parts):
    parts.locator(".shell-person > button").click()
    parts.get_by_role("button", name="English").click()
    parts.locator("html[lang=en]").wait_for()


def test_the_wall_screen_and_the_paper_keep_the_policy_too(parts, live_server):
    parts.goto(f"{live_server.url}/parts/wall/")
    expect(parts.locator("[data-clock]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    column = parts.locator(".wall-column").nth(1)
    assert (column.locator(".wall-card").count(), column.locator(".wall-page").count()) == (23, 1)
    assert parts.evaluate("document.documentElement.scrollHeight") == 768
    parts.goto(f"{live_server.url}/parts/print/")
    parts.get_by_role("button", name="打印").wait_for()
