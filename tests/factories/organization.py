"""Stores, their people and teams."""

from datetime import date, time
from decimal import Decimal

import factory

from dealer_crm.access.roles import Role
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.organization.choices import Post, TeamKind
from dealer_crm.organization.models import Brand, Position, Staff, Store, Team

HIRED, REGULARISED = date(2020, 3, 2), date(2020, 9, 1)

# What a person of each role is employed as.
POST_OF_ROLE = {
    Role.ADVISOR: Post.ADVISOR,
    Role.FRONTDESK: Post.FRONTDESK_SUPERVISOR,
    Role.CASHIER: Post.CASHIER,
    Role.WORKSHOP: Post.WORKSHOP_SUPERVISOR,
    Role.TECHNICIAN: Post.TECHNICIAN,
    Role.INSPECTOR: Post.INSPECTOR,
    Role.AGENT: Post.CALLBACK_AGENT,
    Role.CRC: Post.CRC_SUPERVISOR,
    Role.MANAGER: Post.SERVICE_MANAGER,
    Role.DIRECTOR: Post.STATION_MANAGER,
    Role.FINANCE: Post.PAYROLL,
    Role.GROUP: Post.GROUP_ANALYST,
    Role.ADMIN: Post.ADMINISTRATOR,
}


class BrandFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Brand
        django_get_or_create = ["name"]

    name = "红旗"
    letter = "H"


class StoreFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Store

    code = factory.Sequence(lambda n: f"S{n + 1:03d}")
    name = factory.Sequence(lambda n: f"远航{n + 1}店")
    address = "北京市朝阳区望京路 1 号"
    phone = "010-58881234"
    opens_at = time(8, 30)
    closes_at = time(18)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    store = factory.SubFactory(StoreFactory)
    name = factory.Sequence(lambda n: f"机电{n + 1}组")
    kind = TeamKind.MECHANICAL


class StaffFactory(factory.django.DjangoModelFactory):
    """A person. `role=Role.CASHIER` (or its code) gives the role and a fitting position; `roles=[…]` several.

    `team=` and `coefficient=` go into the position; `position=False` leaves the person without one. No password can be
    used: sign in with `client.force_login(person)`.
    """

    class Meta:
        model = Staff
        skip_postgeneration_save = True

    class Params:
        role = Role.ADVISOR

    work_number = factory.Sequence(lambda n: f"G{n + 1:04d}")
    username = factory.LazyAttribute(lambda made: made.work_number.lower())
    name = factory.Sequence(lambda n: f"{'赵钱孙李周吴郑王'[n % 8]}{'小建志文'[n // 8 % 4]}{'明华强红伟'[n % 5]}")
    name_pinyin = factory.LazyAttribute(lambda made: pinyin_key(made.name))
    password = "!"
    store = factory.SubFactory(StoreFactory)
    roles = factory.LazyAttribute(lambda made: [str(Role(made.role))])
    hired_on = HIRED
    regularised_on = REGULARISED

    @classmethod
    def _create(cls, model, *args, **fields):
        team, coefficient = fields.pop("team", None), fields.pop("coefficient", Decimal(1))
        post, employed = fields.pop("post", None), fields.pop("position", True)
        if team:
            fields["store"] = team.store
        staff = super()._create(model, *args, **fields)
        if employed and staff.store and staff.roles:
            PositionFactory(
                staff=staff, post=post or POST_OF_ROLE[Role(staff.roles[0])], team=team, coefficient=coefficient
            )
        return staff


class PositionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Position

    staff = factory.SubFactory(StaffFactory, position=False)
    store = factory.SelfAttribute("staff.store")
    post = Post.ADVISOR
    coefficient = Decimal(1)
    starts_on = HIRED
