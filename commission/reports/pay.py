"""The month's workbook for payroll (工资): everybody's statement, and the items behind it."""

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from commission.models import PayLine, Run
from commission.queries import explanation_of, pay_slips_of
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.choices import POST_NAMES
from dealer_crm.reporting import registry
from dealer_crm.reporting.report import Column, Kind, Report, Sheet
from dealer_crm.values import Refusal

# The sheets are Chinese whatever language the person at the keyboard reads.
_LANGUAGE = "zh-hans"


def pay_report(*, store, period, by, at) -> Report:
    """The pay statements of a month's run as they were kept. Raises Refusal when the month has not been computed."""
    run = Run.objects.filter(store=store, period=str(period)).select_related("store", "plan_version__plan").first()
    if run is None:
        raise Refusal(_("The commission of %(month)s has not been computed yet.") % {"month": period})
    with translation.override(_LANGUAGE):
        return Report(
            title="工资",
            file_stem=f"pay-{run.store.code}-{run.period}",
            notes=[
                ("门店", f"{run.store.code} {run.store.name}"),
                ("期间", run.period),
                ("状态", run.get_state_display()),
                ("提成方案", f"{run.plan_version.plan.name} v{run.plan_version.number}"),
                ("算法", "基本工资 + 岗位工资 + 技能工资 + 补贴 + 提成 ± 奖惩 − 其他扣款"),
                ("核算时间", run.computed_at),
                ("核算人", str(run.computed_by or "系统")),
                ("导出时间", at),
                ("导出人", str(by or "系统")),
            ],
            sheets=[_slips(run), _items(run)],
        ).held()


def _slips(run: Run) -> Sheet:
    amounts = ("base", "position", "skill", "allowance", "commission", "reward", "other", "total")
    titles = ("基本工资", "岗位工资", "技能工资", "补贴", "提成", "奖惩", "其他扣款", "工资合计")
    columns = [Column("工号"), Column("姓名"), Column("岗位"), Column("班组")]
    columns += [Column(title, Kind.MONEY, total=True) for title in titles]
    rows = [
        (
            slip.staff.work_number,
            slip.staff.name,
            POST_NAMES.get(slip.post, slip.post),
            slip.team.name if slip.team else "",
            *(getattr(slip, f"{name}_amount") for name in amounts),
        )
        for slip in pay_slips_of(run)
    ]
    return Sheet("工资", columns, rows)


def _items(run: Run) -> Sheet:
    """The pay items; what is taken off is negative."""
    columns = [
        Column("工号"),
        Column("姓名"),
        Column("项目", width=20),
        Column("算法", width=44),
        Column("金额", Kind.MONEY, total=True),
    ]
    lines = PayLine.objects.filter(run=run).select_related("slip__staff").order_by("position")
    rows = [
        (
            line.slip.staff.work_number,
            line.slip.staff.name,
            line.get_kind_display(),
            explanation_of(line.explanation).worked,
            -line.amount if line.is_taken_off else line.amount,
        )
        for line in lines
    ]
    return Sheet("项目", columns, rows)


registry.register(
    code="pay",
    title=gettext_lazy("Pay statements"),
    permission=Permission.PAY_VIEW,
    build=pay_report,
    order=11,
)
