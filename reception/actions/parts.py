"""The parts catalogue (配件目录): articles entered and changed, their purchase prices (进价) from a day on.

Source: spec `kpi.md` (gross margin).
"""

import unicodedata
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.values import Refusal
from reception.choices import ARTICLES
from reception.models import Part, PartCost

_FIELDS = ("name", "kind", "unit", "price", "is_active")
COST_AT_MOST = Decimal(10_000_000)
"""CNY. Far above any part of a car; what lies above is a slip of the finger."""


@transaction.atomic
def enter_part(
    *, store, code: str, name: str, kind: str, by, at: datetime, unit: str = "", price: Decimal | None = None,
    is_active: bool = True, unit_cost: Decimal | None = None, starts_on: date | None = None,
) -> Part:  # fmt: skip
    """Put an article into the catalogue, with what it is bought for from a day on (today)."""
    code = folded_part_code(code)
    if not code:
        raise Refusal(_("Give the article its code."), field="code", code="code_missing")
    if Part.objects.filter(store=store, code=code).exists():
        raise Refusal(
            _("The catalogue has an article %(code)s already.") % {"code": code}, field="code", code="code_taken"
        )
    _refuse_wrong(name, kind, price)
    part = Part.objects.create(
        store=store, code=code, name=name.strip(), kind=kind, unit=unit.strip(), price=price, is_active=is_active
    )
    journal.record(by=by, at=at, verb="part.entered", subject=part)
    if unit_cost is not None:
        set_part_cost(part=part, unit_cost=unit_cost, starts_on=starts_on, by=by, at=at)
    return part


@transaction.atomic
def change_part(
    *, part: Part, name: str, kind: str, by, at: datetime, unit: str = "", price: Decimal | None = None,
    is_active: bool = True, unit_cost: Decimal | None = None, starts_on: date | None = None,
    expected_version: int | None = None,
) -> Part:  # fmt: skip
    """Change an article, or take it out of use. Another purchase price holds from `starts_on` (today) on; lines that
    stand keep what they cost."""
    part = Part.objects.select_for_update(of=("self",)).select_related("store").get(pk=part.pk)
    refuse_stale(part, expected_version, reader=by)
    _refuse_wrong(name, kind, price)
    before = {field: getattr(part, field) for field in _FIELDS}
    part.name, part.kind, part.unit, part.price, part.is_active = name.strip(), kind, unit.strip(), price, is_active
    if changes := journal.changed_fields(before, part):
        part.version += 1
        part.save(update_fields=[*_FIELDS, "version"])
        journal.record(by=by, at=at, verb="part.changed", subject=part, changes=changes)
    if unit_cost is not None:
        set_part_cost(part=part, unit_cost=unit_cost, starts_on=starts_on, by=by, at=at)
    return part


@transaction.atomic
def set_part_cost(*, part: Part, unit_cost: Decimal, by, at: datetime, starts_on: date | None = None) -> None:
    """What an article is bought for from a day on, CNY with tax; nothing happens where that holds already."""
    part = Part.objects.select_for_update(of=("self",)).select_related("store").get(pk=part.pk)
    starts_on = starts_on or at.astimezone(part.store.tz).date()
    if not 0 <= unit_cost <= COST_AT_MOST:
        raise Refusal(
            _("A purchase price lies between 0 and %(most)s.") % {"most": f"{COST_AT_MOST:,}"},
            field="unit_cost",
            code="cost_wrong",
        )
    former = part.costs.filter(starts_on__lte=starts_on).order_by("-starts_on").first()
    if former is not None and former.unit_cost == unit_cost:
        return
    PartCost.objects.update_or_create(part=part, starts_on=starts_on, defaults={"unit_cost": unit_cost})
    part.version += 1
    part.save(update_fields=["version"])
    journal.record(
        by=by, at=at, verb="part.cost_set", subject=part,
        changes={"unit_cost": [former.unit_cost if former else None, unit_cost], "starts_on": [None, starts_on]},
    )  # fmt: skip


def folded_part_code(code: str) -> str:
    """A code as the catalogue keeps it: half-width, capitals, no blanks."""
    return unicodedata.normalize("NFKC", code).upper().replace(" ", "")


def _refuse_wrong(name: str, kind: str, price: Decimal | None) -> None:
    if not name.strip():
        raise Refusal(_("Name the article."), field="name", code="name_missing")
    if kind not in ARTICLES:
        raise Refusal(_("An article is a part or an accessory."), field="kind", code="kind_wrong")
    if price is not None and price < 0:
        raise Refusal(_("The price can't be negative."), field="price", code="price_negative")
