"""Stores with their teams and staff."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.contrib.auth.hashers import make_password

from dealer_crm.access.roles import Role
from dealer_crm.organization import actions as organization
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.organization.models import Brand, Staff, Store, Team
from dealer_crm.seeding.floor import furnish_floor
from dealer_crm.seeding.names import MODELS, ROADS, person

CODE = "JB"
LETTERS = {"别克": "B", "雪佛兰": "X", "凯迪拉克": "K"}

TEAMS = (
    ("机电一组", TeamKind.MECHANICAL),
    ("机电二组", TeamKind.MECHANICAL),
    ("钣喷一组", TeamKind.BODY_PAINT),
    ("加装组", TeamKind.INSTALLATION),
    ("客服组", TeamKind.CUSTOMER_CARE),
    ("配件组", TeamKind.PARTS),
)

# work number, post, team, coefficient, sign-in name in the demo (the role code), more roles than the post gives
_HOUSE = (
    ("A01", Post.ADVISOR, None, "0.4", "advisor", ()),
    ("A02", Post.ADVISOR, None, "0.4", "", ()),
    ("A03", Post.ADVISOR, None, "0.4", "", ()),
    ("A04", Post.ADVISOR_ASSISTANT, None, "0.1", "", ()),
    ("F01", Post.FRONTDESK_SUPERVISOR, None, "0", "frontdesk", ()),
    ("C01", Post.CASHIER, None, "0", "cashier", ()),
    ("W01", Post.WORKSHOP_SUPERVISOR, None, "0", "workshop", ()),
    ("T01", Post.TEAM_LEADER, "机电一组", "1.2", "", ()),
    ("T02", Post.TECHNICIAN, "机电一组", "1.0", "technician", ()),
    ("T03", Post.TECHNICIAN, "机电一组", "0.8", "", ()),
    ("T04", Post.TEAM_LEADER, "机电二组", "1.2", "", ()),
    ("T05", Post.TECHNICIAN, "机电二组", "1.0", "", ()),
    ("T06", Post.TECHNICIAN, "机电二组", "0.8", "", ()),
    ("T07", Post.TEAM_LEADER, "钣喷一组", "1.2", "", ()),
    ("T08", Post.TECHNICIAN, "钣喷一组", "1.0", "", ()),
    ("T09", Post.TEAM_LEADER, "加装组", "1.0", "", ()),
    ("T10", Post.TECHNICIAN, "加装组", "0.8", "", ()),
    ("S01", Post.ACCESSORY_SELLER, None, "0", "", ()),
    ("Q01", Post.INSPECTOR, None, "0", "inspector", ()),
    ("H01", Post.CALLBACK_AGENT, "客服组", "1.0", "agent", ()),
    ("H02", Post.CALLBACK_AGENT, "客服组", "1.0", "", ()),
    ("H09", Post.CRC_SUPERVISOR, "客服组", "1.3", "crc", ()),
    ("P01", Post.PARTS_CLERK, "配件组", "1.0", "", ()),
    ("M01", Post.SERVICE_MANAGER, None, "0", "manager", ()),
    ("D01", Post.STATION_MANAGER, None, "0", "director", ()),
    ("L01", Post.PAYROLL, None, "0", "finance", ()),
)
_GROUP = (
    ("G01", Post.GROUP_ANALYST, "group", (Role.GROUP,)),
    ("X01", Post.ADMINISTRATOR, "admin", (Role.ADMIN,)),
)


@dataclass
class House:
    """One store with the people the made-up months need."""

    store: Store
    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)  # by the short work number above

    def of(self, *posts_prefix: str) -> list[Staff]:
        """The people whose short work number begins with one of these letters, in order."""
        return [member for number, member in sorted(self.staff.items()) if number.startswith(posts_prefix)]

    def team_of_kind(self, kind: TeamKind) -> list[Team]:
        return [team for team in self.teams.values() if team.kind == kind]


def houses_standing() -> int:
    """How many made-up stores there are; the next one gets the number after them."""
    return Store.objects.filter(code__startswith=CODE).count()


def build_house(*, number: int, random: Random, at, is_demo: bool) -> House:
    """Store number `number` (0, 1, …) with teams, bays and staff. In the demo the sign-in names are the role codes."""
    code = f"{CODE}{number + 1:02d}"
    make = list(MODELS)[number % len(MODELS)]
    store = Store.objects.create(
        code=code,
        name=f"金标{make}{ROADS[number % len(ROADS)]}店",
        address=f"{ROADS[number % len(ROADS)]}{100 + number}号",
        phone=f"021-5888{1000 + number}",
        legal_name=f"上海金标{make}汽车销售服务有限公司",
        credit_code=f"91310115MA1K{number:04d}X{number % 10}",
        repair_licence=f"沪交维备 3101{number:04d} 号",
        bank_name="中国工商银行上海浦东支行",
        bank_account=f"1001 2345 0900 {number:04d} 678",
    )
    brand, _new = Brand.objects.get_or_create(name=make, defaults={"letter": LETTERS[make]})
    store.brands.add(brand)
    house = House(store)
    for name, kind in TEAMS:
        house.teams[name] = Team.objects.create(store=store, name=name, kind=kind)
    furnish_floor(store, make, at)
    hired = at.date() - timedelta(days=900)
    for short, post, team, coefficient, role_name, more_roles in _HOUSE:
        house.staff[short] = organization.create_staff(
            by=None,
            at=at,
            work_number=f"{store.code}{short}",
            name=person(random),
            store=store,
            post=post,
            team=house.teams.get(team),
            coefficient=Decimal(coefficient),
            hired_on=hired,
            regularised_on=hired + timedelta(days=180),
            username=role_name if is_demo and number == 0 and role_name else None,
            roles=more_roles or None,
        )
    return house


def build_group_staff(*, at, hired_on: date, is_demo: bool) -> None:
    for number, post, role_name, roles in _GROUP:
        if not Staff.objects.filter(work_number=number).exists():
            organization.create_staff(
                by=None, at=at, work_number=number, name={"group": "集团分析员", "admin": "系统管理员"}[role_name],
                store=None, post=post, hired_on=hired_on, roles=roles, username=role_name if is_demo else None,
            )  # fmt: skip


def set_demo_passwords() -> None:
    """Password `demo` for everyone whose sign-in name is a role code; the sign-in itself refuses it without DEMO=1."""
    people = Staff.objects.filter(username__in=[role.value for role in Role])
    password = make_password("demo")
    people.update(password=password)
