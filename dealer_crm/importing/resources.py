"""Sheets 门店, 班组, 员工 of the import workbook: the ground floor can't declare its own, it stands below the importer.
Source: spec `interfaces.md`.

A change of post, team, coefficient or store on re-import holds from the first day of the month of the import (or from
the hire date, if that is later): the past keeps what held then.
"""

import re
from decimal import Decimal

from django.contrib.auth.hashers import make_password
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from dealer_crm.importing.cells import fold_text
from dealer_crm.importing.sheets import Column, SheetResource, StoreCode, in_store, register
from dealer_crm.importing.widgets import CellWidget, Choice, Code, Day, Number, Text
from dealer_crm.organization.actions import pinyin_key
from dealer_crm.organization.choices import POSTS, ROLES_OF_POST, TEAM_KINDS
from dealer_crm.organization.models import Brand, Position, Staff, Store, Team


class Names(CellWidget):
    """Several names in one cell, parted by 、 , ; or /; the order does not matter."""

    def __init__(self, longest: int):
        super().__init__()
        self.longest = longest

    def read(self, value):
        names = {name.strip() for name in re.split(r"[、,，;；/]", fold_text(str(value)))} - {""}
        if any(len(name) > self.longest for name in names):
            raise ValueError(_("Longer than %(limit)s characters.") % {"limit": self.longest})
        return tuple(sorted(names))

    def render(self, value, obj=None, **kwargs):
        return "、".join(value or ())


@register
class StoreSheet(SheetResource):
    sheet, place, key, load_whole = "门店", 10, ("code",), True

    code = Column("门店代码", Code(20), "code", required=True)
    name = Column("门店名称", Text(80), "name", required=True)
    brands = Column("品牌", Names(40), "brand_names")

    def known_rows(self, keys):
        brands = Brand.objects.filter(stores=OuterRef("pk")).order_by("name").values("name")
        return Store.objects.annotate(brand_names=ArraySubquery(brands))

    def after_load(self, known):
        known["brands"] = tuple(sorted(known["brands"]))

    def store_of(self, row, book):
        return StoreCode(row.get("code")) if row.get("code") else None

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield Brand.objects.filter(name__in={name for row in rows for name in row.get("brands") or ()})
        yield Store.brands.through.objects.filter(store__in=[row.pk for row in rows if row.pk])

    def write(self, new, changed, book):
        stores = Store.objects.bulk_create([Store(code=row.get("code"), name=row.get("name")) for row in new])
        for row, store in zip(new, stores, strict=True):
            row.pk = store.pk
        Store.objects.bulk_update([Store(pk=row.pk, name=row.get("name")) for row in changed], ["name"])
        named = [
            row for row in (*new, *changed) if row.given("brands") and (row.before is None or "brands" in row.changes)
        ]
        Brand.objects.bulk_create(
            [Brand(name=name) for name in sorted({name for row in named for name in row.get("brands")})],
            ignore_conflicts=True,
        )
        ids = dict(Brand.objects.values_list("name", "pk"))
        sold = Store.brands.through
        sold.objects.filter(store__in=[row.pk for row in named]).delete()
        sold.objects.bulk_create(
            [sold(store_id=row.pk, brand_id=ids[name]) for row in named for name in row.get("brands")]
        )


@register
class TeamSheet(SheetResource):
    sheet, place, key, load_whole = "班组", 20, ("store", "name"), True

    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    name = Column("班组名称", Text(40), "name", required=True)
    kind = Column("班组类型", Choice(TEAM_KINDS), "kind", required=True)

    def known_rows(self, keys):
        return Team.objects.all()

    def write(self, new, changed, book):
        teams = [
            Team(store_id=book.pk("门店", row.get("store")), name=row.get("name"), kind=row.get("kind")) for row in new
        ]
        for row, team in zip(new, Team.objects.bulk_create(teams), strict=True):
            row.pk = team.pk
        Team.objects.bulk_update([Team(pk=row.pk, kind=row.get("kind")) for row in changed], ["kind"])


@register
class StaffSheet(SheetResource):
    sheet, place, key, load_whole = "员工", 30, ("work_number",), True

    work_number = Column("工号", Code(20), "work_number", required=True)
    name = Column("姓名", Text(40), "name", required=True)
    store = Column("门店代码", Code(20), "store__code", required=True, refers="门店")
    post = Column("岗位", Choice(POSTS), "latest_post", required=True)
    team = Column("班组", Text(40), "latest_team", refers="班组", refers_by=in_store("team"))
    coefficient = Column("提成系数", Number(places=3, least=Decimal(0), most=Decimal(999)), "latest_coefficient")
    hired_on = Column("入职日期", Day(), "hired_on", required=True)
    regularised_on = Column("转正日期", Day(), "regularised_on")
    left_on = Column("离职日期", Day(), "left_on")

    _POSITION = ("store", "post", "team", "coefficient")

    def known_rows(self, keys):
        latest = Position.objects.filter(staff=OuterRef("pk")).order_by("-starts_on")
        return Staff.objects.annotate(
            latest_post=Subquery(latest.values("post")[:1]),
            latest_team=Subquery(latest.values("team__name")[:1]),
            latest_coefficient=Subquery(latest.values("coefficient")[:1]),
        )

    def check(self, row, book):
        hired_on = row.get("hired_on")
        for column, text in (
            ("regularised_on", _("The regularisation lies before the hire date.")),
            ("left_on", _("The last day lies before the hire date.")),
        ):
            if hired_on and row.get(column) and row.get(column) < hired_on:
                yield column, text

    def touches(self, rows, book):
        yield from super().touches(rows, book)
        yield Position.objects.filter(staff__in=[row.pk for row in rows if row.pk])

    def write(self, new, changed, book):
        today = timezone.localdate(book.at)
        taken = set(Staff.objects.values_list("username", flat=True))
        no_password = make_password(None)
        people = []
        for row in new:
            number = row.get("work_number")
            username = number.lower() if number.lower() not in taken else f"{number.lower()}.{row.get('store').lower()}"
            people.append(
                Staff(
                    work_number=number,
                    username=username[:40],
                    roles=[str(role) for role in ROLES_OF_POST[row.get("post")]],
                    password=no_password,
                    **self._facts(row, book),
                )
            )
        for row, person in zip(new, Staff.objects.bulk_create(people, batch_size=1000), strict=True):
            row.pk = person.pk
        Staff.objects.bulk_update(
            [Staff(pk=row.pk, **self._facts(row, book)) for row in changed],
            ["name", "name_pinyin", "store", "hired_on", "regularised_on", "left_on"],
            batch_size=1000,
        )
        gone = [row.pk for row in (*new, *changed) if row.get("left_on") and row.get("left_on") < today]
        Staff.objects.filter(pk__in=gone).update(is_active=False)
        self._start_positions(new, [row for row in changed if set(self._POSITION) & set(row.changes)], book, today)

    @staticmethod
    def _facts(row, book) -> dict:
        return {
            "name": row.get("name"),
            "name_pinyin": pinyin_key(row.get("name")),
            "store_id": book.pk("门店", row.get("store")),
            "hired_on": row.get("hired_on"),
            "regularised_on": row.get("regularised_on"),
            "left_on": row.get("left_on"),
        }

    @staticmethod
    def _start_positions(new, changed, book, today) -> None:
        latest = dict(
            Position.objects.filter(staff__in=[row.pk for row in changed])
            .order_by("staff", "starts_on")
            .values_list("staff", "starts_on")
        )

        def position(row, starts_on):
            return Position(
                staff_id=row.pk,
                store_id=book.pk("门店", row.get("store")),
                post=row.get("post"),
                team_id=book.pk("班组", (row.get("store"), row.get("team"))) if row.get("team") else None,
                coefficient=row.get("coefficient") or Decimal(0),
                starts_on=starts_on,
            )

        starts = [position(row, row.get("hired_on")) for row in new]
        for row in changed:
            starts_on = max(today.replace(day=1), row.get("hired_on"), latest.get(row.pk, row.get("hired_on")))
            starts.append(position(row, starts_on))
        Position.objects.bulk_create(
            starts,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["staff", "starts_on"],
            update_fields=["store", "post", "team", "coefficient"],
        )
