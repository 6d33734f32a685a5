"""The named cast: one store with one person of every role, and a second store with the same.

people = cast.of_store()          # people.advisor, people.cashier, people.technician … people.store, people.mechanics
others = cast.of_second_store()   # the same in another house, for everything that must stay out of reach
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from dealer_crm.access.roles import Role
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.organization.models import Position, Staff, Store, Team
from tests.factories.organization import HIRED, POST_OF_ROLE, REGULARISED, BrandFactory, StoreFactory

_sort_key = cache(pinyin_key)

NAMES = {
    Role.ADVISOR: "李明",
    Role.FRONTDESK: "周敏",
    Role.CASHIER: "钱芳",
    Role.WORKSHOP: "郑强",
    Role.TECHNICIAN: "王刚",
    Role.INSPECTOR: "孙伟",
    Role.AGENT: "吴婷",
    Role.CRC: "陈静",
    Role.MANAGER: "赵建国",
    Role.DIRECTOR: "张志远",
    Role.FINANCE: "冯丽",
    Role.GROUP: "蒋涛",
    Role.ADMIN: "沈平",
}


@dataclass(frozen=True)
class Cast:
    """The people of one store by role, with its teams."""

    store: Store
    mechanics: Team
    painters: Team
    fitters: Team
    advisor: Staff
    second_advisor: Staff
    frontdesk: Staff
    cashier: Staff
    workshop: Staff
    technician: Staff
    second_technician: Staff
    inspector: Staff
    agent: Staff
    crc: Staff
    manager: Staff
    director: Staff
    finance: Staff
    group: Staff
    admin: Staff

    def by_role(self) -> dict[Role, Staff]:
        """One person for each role."""
        return {role: getattr(self, role.value) for role in Role}


def of_store(code: str = "BJ01", name: str = "北京远航店") -> Cast:
    """Written in a handful of statements: nearly every test begins with it."""
    store = StoreFactory(code=code, name=name)
    store.brands.add(BrandFactory())
    mechanics, painters, fitters = Team.objects.bulk_create([
        Team(store=store, name="机电一组", kind=TeamKind.MECHANICAL),
        Team(store=store, name="钣喷一组", kind=TeamKind.BODY_PAINT),
        Team(store=store, name="加装组", kind=TeamKind.INSTALLATION),
    ])  # fmt: skip
    people = {role.value: _person(store, role, number, NAMES[role]) for number, role in enumerate(Role, start=1)}
    people |= {
        "second_advisor": _person(store, Role.ADVISOR, 21, "何丽"),
        "second_technician": _person(store, Role.TECHNICIAN, 22, "马超"),
    }
    Staff.objects.bulk_create(people.values())
    posts = {name: POST_OF_ROLE[Role(staff.roles[0])] for name, staff in people.items()}
    posts["second_technician"] = Post.TEAM_LEADER
    Position.objects.bulk_create(
        Position(
            staff=staff, store=store, post=posts[name], team=mechanics if staff.has_role(Role.TECHNICIAN) else None,
            coefficient=Decimal(1), starts_on=HIRED,
        )
        for name, staff in people.items()
    )  # fmt: skip
    return Cast(store=store, mechanics=mechanics, painters=painters, fitters=fitters, **people)


def _person(store: Store, role: Role, number: int, name: str) -> Staff:
    """Somebody like those of `StaffFactory`, not written yet."""
    work_number = f"{store.code}-{number:02d}"
    return Staff(
        work_number=work_number, username=work_number.lower(), name=name, name_pinyin=_sort_key(name), password="!",
        store=store, roles=[role.value], hired_on=HIRED, regularised_on=REGULARISED,
    )  # fmt: skip


def of_second_store() -> Cast:
    return of_store("SH01", "上海浦江店")
