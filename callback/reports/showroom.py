"""Leads, new-car handovers, campaigns and the customers they meant, as workbooks."""

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from callback import queries
from callback.choices import TaskState
from callback.forms.showroom import LeadFilter
from dealer_crm.access.permissions import Permission
from dealer_crm.reporting import Column, Kind
from dealer_crm.reporting.exports import register_export


def leads_asked(staff, asked, at):
    """The leads as their page narrows them."""
    form = LeadFilter(asked)
    said = form.cleaned_data if form.is_valid() else {}
    zone = staff.store.tz if staff.store else timezone.get_current_timezone()
    leads = queries.leads_matching(staff, today=at.astimezone(zone).date(), **said)
    return leads.select_related("store", "entered_by").order_by("-entered_at", "-pk")


def lead_cells(lead, phone) -> tuple:
    return (
        lead.entered_at, lead.name, phone(lead.phone), str(lead.get_gender_display()), str(lead.get_source_display()),
        lead.features, lead.model, lead.level, lead.first_quote, lead.consultant, lead.next_contact_on,
        str(lead.get_state_display()), str(lead.get_lost_reason_display()), lead.lost_note, lead.closed_at,
        lead.entered_by.name if lead.entered_by else "", lead.store.code,
    )  # fmt: skip


def handovers_asked(staff, asked, at):
    return queries.handovers_in_list(staff).order_by("-handed_over_at", "-pk")


def handover_cells(one, _phone) -> tuple:
    """In the words of the import sheet, so that what is taken out can come in again."""
    return (
        one.vehicle.plate, one.vehicle.vin, one.customer.code, one.customer.name, one.handed_over_at, one.salesperson,
        one.store.code, one.noted_by.name if one.noted_by else "", one.noted_at,
    )  # fmt: skip


def campaigns_asked(staff, asked, at):
    return queries.campaigns_in_list(staff).order_by("-first_day", "-pk")


def campaign_cells(one, _phone) -> tuple:
    """Each is counted by itself: a store has a few a year."""
    effect = queries.campaign_effect(one)
    return (
        one.name, str(one.get_occasion_display()), one.segment.name if one.segment else "",
        str(one.get_channel_display()), one.first_day, one.last_day, str(one.get_state_display()), effect.members,
        effect.reached, effect.unreached, effect.left_out, effect.waiting, effect.came, effect.came_reached,
        effect.came_uncalled, one.goal, effect.goal_rate, effect.revenue, effect.cost, effect.surplus, one.strengths,
        one.to_improve, one.store.code,
    )  # fmt: skip


def members_asked(staff, asked, at):
    """The customers of one campaign, `campaign=<number>`, or of all; `view=came`: those a figure of it counts."""
    members = queries.members_with_outcome().visible_to(staff)
    number = asked.get("campaign", "")
    members = members.filter(campaign=number) if number.isdecimal() and len(number) < 19 else members
    members = members.filter(queries.MEMBER_VIEWS.get(asked.get("view", ""), Q()))
    return members.prefetch_related("customer__phones").order_by("-campaign", "pk")


def member_cells(one, phone) -> tuple:
    numbers = [phone(each.number) for each in one.customer.phones.all()]
    called = str(TaskState(one.call_state).label) if one.call_state else ""
    came = _("yes") if one.has_come else _("no")
    return (
        one.campaign.name, one.customer.code, one.customer.name, numbers[0] if numbers else "", called, came,
        one.campaign.store.code,
    )  # fmt: skip


register_export(
    code="leads", title=pgettext_lazy("showroom", "Leads"), sheet="潜客", permission=Permission.SHOWROOM_VIEW,
    rows=leads_asked, cells=lead_cells, has_phones=True,
    columns=[
        Column("录入时间", Kind.DATETIME), Column("姓名", width=12), Column("手机", width=16), Column("性别", width=8),
        Column("来源", width=10), Column("特征", width=28), Column("意向车型", width=16), Column("级别", width=8),
        Column("首次报价", Kind.MONEY), Column("销售顾问", width=12), Column("下次联系", Kind.DATE),
        Column("状态", width=10), Column("未成交原因", width=16), Column("备注", width=24),
        Column("结束时间", Kind.DATETIME), Column("录入人", width=10), Column("门店代码", width=10),
    ],
)  # fmt: skip
register_export(
    code="handovers", title=gettext_lazy("New-car handovers"), sheet="新车交付", permission=Permission.CALL_VIEW,
    rows=handovers_asked, cells=handover_cells,
    columns=[
        Column("车牌号", width=14), Column("VIN", width=22), Column("客户编号", width=20),
        Column("客户名称", width=20), Column("交付时间", Kind.DATETIME), Column("销售顾问", width=12),
        Column("门店代码", width=10), Column("录入人", width=10), Column("录入时间", Kind.DATETIME),
    ],
)  # fmt: skip
register_export(
    code="campaigns", title=gettext_lazy("Campaigns"), sheet="关怀活动", permission=Permission.CALL_VIEW,
    rows=campaigns_asked, cells=campaign_cells,
    columns=[
        Column("活动", width=24), Column("类型", width=10), Column("客户群", width=18), Column("渠道", width=8),
        Column("开始日期", Kind.DATE), Column("结束日期", Kind.DATE), Column("状态", width=10),
        Column("客户数", Kind.INT), Column("已联系", Kind.INT), Column("未联系上", Kind.INT),
        Column("不再联系", Kind.INT), Column("待联系", Kind.INT), Column("到店", Kind.INT),
        Column("其中已联系", Kind.INT), Column("其中联系前到店", Kind.INT), Column("目标", Kind.INT),
        Column("目标达成率", Kind.PERCENT), Column("产值", Kind.MONEY), Column("费用", Kind.MONEY),
        Column("盈余", Kind.MONEY), Column("亮点", width=30), Column("改进", width=30), Column("门店代码", width=10),
    ],
)  # fmt: skip
register_export(
    code="campaign_members", title=gettext_lazy("Customers of campaigns"), sheet="活动客户",
    permission=Permission.CALL_VIEW, rows=members_asked, cells=member_cells, has_phones=True,
    columns=[
        Column("活动", width=24), Column("客户编号", width=20), Column("客户名称", width=20), Column("手机", width=16),
        Column("联系结果", width=14), Column("是否到店", width=10), Column("门店代码", width=10),
    ],
)  # fmt: skip
