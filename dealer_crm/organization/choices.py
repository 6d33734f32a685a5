from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.access.roles import Role


class TeamKind(models.TextChoices):
    """班组类型. The trade of a team decides its pay rule (spec `commission.md`)."""

    MECHANICAL = "mechanical", _("Mechanical and electrical")  # 机电
    BODY_PAINT = "body_paint", _("Body and paint")  # 钣喷
    INSTALLATION = "installation", _("Accessory installation")  # 加装
    FRONT = "front", _("Front desk")  # 业务
    CUSTOMER_CARE = "customer_care", _("Customer relations")  # 客服
    PARTS = "parts", _("Parts")  # 配件


WORKSHOP_TEAMS = (TeamKind.MECHANICAL, TeamKind.BODY_PAINT, TeamKind.INSTALLATION)


class Post(models.TextChoices):
    """岗位. What a person is employed as; pay rules speak of posts, rights of roles."""

    ADVISOR = "advisor", pgettext_lazy("post", "Service advisor")  # 业务接待
    ADVISOR_ASSISTANT = "advisor_assistant", _("Assistant service advisor")  # 业务接待助理
    FRONTDESK_SUPERVISOR = "frontdesk_supervisor", _("Front-desk supervisor")  # 前台主管
    TECHNICIAN = "technician", _("Technician")  # 技师
    TEAM_LEADER = "team_leader", _("Team leader")  # 班组长
    ACCESSORY_SELLER = "accessory_seller", _("Accessory seller")  # 精品销售
    CALLBACK_AGENT = "callback_agent", _("Callback agent")  # 回访专员
    CRC_SUPERVISOR = "crc_supervisor", _("Customer-relations supervisor")  # 客服主管
    SERVICE_MANAGER = "service_manager", _("Service manager")  # 服务经理
    STATION_MANAGER = "station_manager", _("Station manager")  # 站长
    CASHIER = "cashier", _("Cashier")  # 收银员
    WORKSHOP_SUPERVISOR = "workshop_supervisor", _("Workshop supervisor")  # 车间主管
    INSPECTOR = "inspector", _("Quality inspector")  # 质检员
    PARTS_CLERK = "parts_clerk", _("Parts clerk")  # 配件员
    PAYROLL = "payroll", _("Payroll")  # 财务
    GROUP_ANALYST = "group_analyst", _("Group analyst")  # 集团分析员
    ADMINISTRATOR = "administrator", _("Administrator")  # 系统管理员


# The roles a newly entered person gets from the post; an administrator may change them.
ROLES_OF_POST: dict[Post, tuple[Role, ...]] = {
    Post.ADVISOR: (Role.ADVISOR,),
    Post.ADVISOR_ASSISTANT: (Role.ADVISOR,),
    Post.FRONTDESK_SUPERVISOR: (Role.FRONTDESK,),
    Post.TECHNICIAN: (Role.TECHNICIAN,),
    Post.TEAM_LEADER: (Role.TECHNICIAN,),
    Post.ACCESSORY_SELLER: (Role.ADVISOR,),
    Post.CALLBACK_AGENT: (Role.AGENT,),
    Post.CRC_SUPERVISOR: (Role.CRC,),
    Post.SERVICE_MANAGER: (Role.MANAGER,),
    Post.STATION_MANAGER: (Role.DIRECTOR,),
    Post.CASHIER: (Role.CASHIER,),
    Post.WORKSHOP_SUPERVISOR: (Role.WORKSHOP,),
    Post.INSPECTOR: (Role.INSPECTOR,),
    Post.PARTS_CLERK: (),
    Post.PAYROLL: (Role.FINANCE,),
    Post.GROUP_ANALYST: (Role.GROUP,),
    Post.ADMINISTRATOR: (Role.ADMIN,),
}


# What workbooks call the kinds of teams and the posts, coming in and going out. Source: spec interfaces.md.
TEAM_KINDS = {
    "机电": TeamKind.MECHANICAL,
    "钣喷": TeamKind.BODY_PAINT,
    "加装": TeamKind.INSTALLATION,
    "业务": TeamKind.FRONT,
    "客服": TeamKind.CUSTOMER_CARE,
    "配件": TeamKind.PARTS,
}
POSTS = {
    "业务接待": Post.ADVISOR,
    "业务接待助理": Post.ADVISOR_ASSISTANT,
    "前台主管": Post.FRONTDESK_SUPERVISOR,
    "技师": Post.TECHNICIAN,
    "班组长": Post.TEAM_LEADER,
    "精品销售": Post.ACCESSORY_SELLER,
    "回访专员": Post.CALLBACK_AGENT,
    "客服主管": Post.CRC_SUPERVISOR,
    "服务经理": Post.SERVICE_MANAGER,
    "站长": Post.STATION_MANAGER,
    # Not named by the workbook's description, but there are people in these posts.
    "收银员": Post.CASHIER,
    "车间主管": Post.WORKSHOP_SUPERVISOR,
    "质检员": Post.INSPECTOR,
    "配件员": Post.PARTS_CLERK,
    "财务": Post.PAYROLL,
    "集团分析员": Post.GROUP_ANALYST,
    "系统管理员": Post.ADMINISTRATOR,
}
TEAM_KIND_NAMES = {kind: name for name, kind in TEAM_KINDS.items()}
POST_NAMES = {post: name for name, post in POSTS.items()}
