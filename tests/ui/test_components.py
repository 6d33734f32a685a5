"""Components as a page gets them."""

from datetime import UTC, datetime

import pytest
from django.template import engines
from django.utils.html import strip_spaces_between_tags
from django_cotton.compiler_regex import CottonCompiler

from dealer_crm.ui.paging import Page

pytestmark = pytest.mark.urls("tests.ui.addresses")


@pytest.fixture
def drawn(rf):
    """Draw a template text with components, compiled as the loader compiles files; spaces between tags are dropped."""

    def draw(source, **values):
        template = engines["django"].from_string(CottonCompiler().process(source))
        markup = template.render(values, rf.get("/orders/?state=open"))
        return strip_spaces_between_tags(" ".join(markup.split())).strip()

    return draw


def test_values_are_escaped_once(drawn):
    assert drawn('<c-badge tone="info" label="{{ v }}" /><c-badge :label="v" />', v="A&B <b>") == (
        '<span class="badge badge-info">A&amp;B &lt;b&gt;</span>'
        '<span class="badge badge-neutral">A&amp;B &lt;b&gt;</span>'
    )


def test_page_header(drawn):
    assert drawn(
        '<c-page-header title="工单" sub="赵先生" back="/orders/">'
        '<c-button url="/n/" label="新建" key="n" /></c-page-header>'
    ) == (
        '<div class="page-head"><div><a class="page-back" href="/orders/" aria-label="返回">'
        '<svg class="icon" aria-hidden="true"><use href="/static/icons.svg#arrow-left"></use></svg></a>'
        '<h1 class="d-inline">工单</h1><div class="page-sub">赵先生</div></div>'
        '<div class="page-actions"><a class="btn" href="/n/" data-key="n" >新建<kbd>n</kbd></a></div></div>'
    )


def test_a_table_without_rows_says_so(drawn):
    table = (
        '<c-table :rows="rows" empty="没有工单。"><c-slot name="head"><th>单号</th></c-slot>'
        "{% for r in rows %}<tr><td>{{ r }}</td></tr>{% endfor %}</c-table>"
    )
    assert drawn(table, rows=["A1"]) == (
        '<div class="table-wrap"><table class="table "><thead><tr><th>单号</th></tr></thead>'
        "<tbody><tr><td>A1</td></tr></tbody></table></div>"
    )
    assert drawn(table, rows=[]) == (
        '<div class="empty-state"><svg class="icon" aria-hidden="true"><use href="/static/icons.svg#inbox"></use></svg>'
        "没有工单。</div>"
    )


def test_the_pager_keeps_the_filter_and_offers_only_what_there_is(drawn):
    last = drawn('<c-pager :page="page" />', page=Page(["x"], previous="abc"))
    assert [part for part in ('href="?state=open&amp;before=abc"', 'rel="prev"', 'rel="next"') if part in last] == [
        'href="?state=open&amp;before=abc"',
        'rel="prev"',
    ]
    assert drawn('<c-pager :page="page" />', page=Page(["x"])) == ""


def test_steps_show_what_is_done_and_what_is_current(drawn):
    steps = [
        {"label": "接车", "state": "done", "detail": "08:42"},
        {"label": "维修中", "state": "current"},
        {"label": "质检", "state": "todo"},
    ]
    assert drawn('<c-steps :steps="steps" label="进度" />', steps=steps) == (
        '<ol class="state-steps" aria-label="进度"><li class="step-done"><svg class="icon" aria-hidden="true">'
        '<use href="/static/icons.svg#check"></use></svg> 接车<small>08:42</small></li>'
        '<li class="step-current" aria-current="step">维修中<small></small></li>'
        '<li class="step-todo">质检<small></small></li></ol>'
    )


def test_timeline(drawn):
    story = [{"at": datetime(2024, 5, 6, 1, 0, tzinfo=UTC), "text": "建单", "by": "李明", "tone": "primary"}]
    assert drawn('<c-timeline :entries="story" />', story=story) == (
        '<ol class="story"><li class="tone-primary"><time class="story-at">2024-05-06 09:00</time>'
        '<div class="story-body">建单<div class="story-by">李明</div></div></li></ol>'
    )


def test_facts_write_a_dash_for_what_is_missing(drawn):
    assert drawn(
        '<c-facts :rows="rows"><c-fact label="备注" wide="1">无</c-fact></c-facts>', rows=[("生日", None)]
    ) == (
        '<dl class="facts"><div><dt>生日</dt><dd>—</dd></div><div class="fact-wide"><dt>备注</dt><dd>无</dd></div></dl>'
    )


def test_a_stat_with_an_address_is_a_link(drawn):
    assert drawn('<c-stat label="超时" value="3" unit="台" tone="danger" url="/late/" />') == (
        '<a href="/late/" class="stat stat-danger"><div class="stat-label" title="超时">超时</div>'
        '<div class="stat-value tone-danger">3<span class="stat-unit">台</span></div></a>'
    )


def test_a_button_that_posts_carries_the_token_the_question_and_its_fields(drawn):
    markup = drawn(
        '<c-post url="/cancel/" label="作废" tone="danger" key="x" confirm="作废 {{ n }}？" confirm_reason="reason">'
        '<input type="hidden" name="version" value="3"></c-post>',
        n="A1",
    )
    before, token, after = markup.partition('<input type="hidden" name="csrfmiddlewaretoken"')
    assert before == '<form class="post-button" method="post" action="/cancel/" >'
    assert token != ""
    assert after.partition(">")[2] == (
        '<input type="hidden" name="version" value="3"><button type="submit" class="btn btn-danger" data-key="x"'
        ' data-confirm="作废 A1？" data-confirm-reason="reason">作废<kbd>x</kbd></button></form>'
    )


def test_progress_tabs_alert_and_avatar(drawn):
    assert drawn('<c-progress value="62" label="产值" text="62%" tone="success" />') == (
        '<div class="meter-line"><span>产值</span><span class="num">62%</span></div>'
        '<progress class="meter meter-success" value="62" max="100" aria-label="产值">62%</progress>'
    )
    tabs = [{"url": "?a", "label": "全部", "active": True, "count": 0}, {"url": "?b", "label": "我的"}]
    assert drawn('<c-tabs :tabs="tabs" label="清单" />', tabs=tabs) == (
        '<nav class="tabs" aria-label="清单"><a href="?a" class="active" aria-current="page">全部 '
        '<span class="badge badge-neutral">0</span></a><a href="?b">我的</a></nav>'
    )
    assert drawn('<c-avatar name="王小明" />') == '<span class="avatar" title="王小明" aria-hidden="true">小明</span>'


def test_a_chart_carries_its_figures_as_json(drawn):
    assert drawn('<c-chart id="week" :options="options" label="一周" />', options={"series": ["</script>"]}) == (
        '<script id="week" type="application/json">{"series": ["\\u003C/script\\u003E"]}</script>'
        '<div class="chart" data-chart="week" role="img" aria-label="一周"></div>'
    )
