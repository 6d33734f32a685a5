"""Bring a workbook, look at the difference, confirm: with a real browser."""

import pytest

from dealer_crm.organization.models import Team
from tests.factories import cast
from tests.importing.test_views import sign_in, teams

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_manager_mends_a_workbook_and_brings_it_in(browser_page, live_server, client, tmp_path):
    people = cast.of_store("GD81", "金标测试店")
    sign_in(client, people.manager)
    page = browser_page
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    workbook = tmp_path / "班组.xlsx"

    def bring(content: bytes):
        workbook.write_bytes(content)
        page.goto(f"{live_server.url}/import/")
        page.set_input_files("input[type=file]", str(workbook))
        page.get_by_role("button", name="检查").click()
        page.wait_for_url("**/import/*/")

    bring(teams("机电一组", "机电九组", "机电九组"))
    assert page.locator("tr", has_text="GD81 / 机电九组 已出现在第 3 行").count() == 1

    bring(teams("机电一组", "机电九组"))
    page.get_by_role("button", name="确认写入").click()
    page.get_by_text("已导入。").wait_for()
    assert Team.objects.filter(name="机电九组").count() == 1
