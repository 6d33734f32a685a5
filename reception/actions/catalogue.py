"""The operations catalogue (工时定额): operations entered and changed. Source: spec `workshop.md`."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from dealer_crm.journal import actions as journal
from dealer_crm.journal.queries import refuse_stale
from dealer_crm.values import Refusal
from reception.choices import Skill
from reception.models import Operation, OperationHours

HOURS_AT_MOST = Decimal(200)
"""Standard hours of one operation. No repair of one car takes a month; what lies above is a slip of the finger."""

_FIELDS = ("name", "skill", "price", "duration_hours", "is_active")


@transaction.atomic
def enter_operation(
    *, store, code: str, name: str, skill: Skill, hours: Mapping[str, Decimal], by, at, price: Decimal | None = None,
    duration_hours: Decimal | None = None, is_active: bool = True,
) -> Operation:  # fmt: skip
    """Put an operation into the catalogue. `hours`: model family → standard hours, "" for every other family."""
    code = _folded(code).upper().replace(" ", "")
    if not code:
        raise Refusal(_("Give the operation its code."), field="code", code="code_missing")
    if Operation.objects.filter(store=store, code=code).exists():
        raise Refusal(
            _("The catalogue has an operation %(code)s already.") % {"code": code}, field="code", code="code_taken"
        )
    hours = _checked(name, skill, hours, price, duration_hours)
    operation = Operation.objects.create(
        store=store, code=code, name=name.strip(), skill=skill, price=price, duration_hours=duration_hours,
        is_active=is_active,
    )  # fmt: skip
    _write_hours(operation, hours)
    journal.record(by=by, at=at, verb="operation.entered", subject=operation, changes={"hours": ["", _told(hours)]})
    return operation


@transaction.atomic
def change_operation(
    *, operation: Operation, name: str, skill: Skill, hours: Mapping[str, Decimal], by, at,
    price: Decimal | None = None, duration_hours: Decimal | None = None, is_active: bool = True,
    expected_version: int | None = None,
) -> Operation:  # fmt: skip
    """Change an operation, or take it out of use (`is_active`). Lines that stand keep what they say."""
    operation = Operation.objects.select_for_update(of=("self",)).get(pk=operation.pk)
    refuse_stale(operation, expected_version)
    hours = _checked(name, skill, hours, price, duration_hours)
    before = {field: getattr(operation, field) for field in _FIELDS}
    former = {row.family: row.standard_hours for row in operation.hours.all()}
    operation.name, operation.skill, operation.is_active = name.strip(), skill, is_active
    operation.price, operation.duration_hours = price, duration_hours
    changes = journal.changed_fields(before, operation)
    if hours != former:
        _write_hours(operation, hours)
        changes["hours"] = [_told(former), _told(hours)]
    if changes:
        operation.version += 1
        operation.save(update_fields=[*_FIELDS, "version"])
        journal.record(by=by, at=at, verb="operation.changed", subject=operation, changes=changes)
    return operation


def _write_hours(operation: Operation, hours: Mapping[str, Decimal]) -> None:
    """Rows that stand keep their id: an import is taken back by it."""
    operation.hours.exclude(family__in=hours).delete()
    OperationHours.objects.bulk_create(
        [OperationHours(operation=operation, family=family, standard_hours=value) for family, value in hours.items()],
        update_conflicts=True,
        unique_fields=["operation", "family"],
        update_fields=["standard_hours"],
    )


def _checked(name: str, skill: str, hours: Mapping[str, Decimal], price, duration) -> dict[str, Decimal]:
    """The hours by folded family; refuses what can't be."""
    if not name.strip():
        raise Refusal(_("Say what is done."), field="name", code="name_missing")
    if skill not in Skill.values:
        raise Refusal(_("Say what the operation asks of a technician."), field="skill", code="skill_unknown")
    if not hours:
        raise Refusal(
            _("Give the standard hours: for a model family, or for every one."), field="hours", code="hours_missing"
        )
    folded = {_folded(family): Decimal(value) for family, value in hours.items()}
    if len({family.casefold() for family in folded}) < len(hours):
        raise Refusal(_("A model family stands twice."), field="hours", code="family_twice")
    if any(not 0 < value <= HOURS_AT_MOST for value in folded.values()):
        raise Refusal(
            _("Standard hours lie above 0 and not above %(most)s.") % {"most": HOURS_AT_MOST},
            field="hours",
            code="hours_wrong",
        )
    if price is not None and price < 0:
        raise Refusal(_("The price can't be negative."), field="price", code="price_negative")
    if duration is not None and not 0 < duration <= HOURS_AT_MOST:
        raise Refusal(
            _("The duration lies above 0 and not above %(most)s hours.") % {"most": HOURS_AT_MOST},
            field="duration_hours",
            code="duration_wrong",
        )
    return folded


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _told(hours: Mapping[str, Decimal]) -> str:
    """The hours in one line of the journal."""
    return ", ".join(f"{family or '*'} {value}" for family, value in sorted(hours.items()))
