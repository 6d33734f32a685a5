"""Finding complaints by what people have at hand: a number, a part of the plate or the name, the end of a phone, words.

Every way is answered from an index, and the ways are united by their ids, so that a million complaints cost what a
thousand cost. Source: spec measured.md (Database access).
"""

import re

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, Q, TextField, Value

from complaints.models import Complaint
from dealer_crm.organization.models import Staff
from reception.models import Customer, CustomerPhone, RepairOrder, Vehicle
from reception.queries.search import containing, ending, pieces


class _Words(Func):
    """The pieces of what happened and what is asked, exactly as the index holds them (migration 0004)."""

    function = "public.reception_pieces"
    template = "%(function)s(lower(%(expressions)s))"
    arg_joiner = " || ' ' || "
    output_field = ArrayField(TextField())


def complaints_found(staff: Staff, text: str):
    """The complaints a person may see that `text` finds."""
    text, rows = text.strip(), Complaint.objects.visible_to(staff)
    if not text:
        return rows
    ways = [_ids(way) for way in _ways(text)]
    return rows.filter(pk__in=ways[0].union(*ways[1:]))


def _ways(text: str):
    """Querysets of complaints, one for each thing a text may be."""
    code, everything = text.upper(), Complaint.objects.all()
    yield everything.filter(number__startswith=code)
    yield everything.filter(order__in=RepairOrder.objects.filter(number__startswith=code))
    digits = re.sub(r"[\s-]", "", text)
    if digits.isdigit() and len(digits) >= 4:
        yield everything.filter(customer__in=ending(CustomerPhone.objects.all(), "number", digits).values("customer"))
    if len(text) < 2:
        yield everything.filter(customer__in=Customer.objects.filter(name__startswith=text))
        return
    yield everything.filter(customer__in=containing(Customer.objects.all(), "name", text))
    plate = re.sub(r"[\s·-]", "", code)
    if 2 <= len(plate) <= 10:
        yield everything.filter(vehicle__in=containing(Vehicle.objects.all(), "plate", plate))
    yield _with_words(everything, text.lower())


def _with_words(rows, text: str):
    """Every word stands in what happened or what is asked: found over the index, then compared."""
    words = [word for word in text.split() if len(word) > 1]
    found = rows.alias(words=_Words(F("description"), F("wish"))) if words else rows.none()
    for word in words:
        found = found.filter(
            Q(description__icontains=word) | Q(wish__icontains=word),
            words__contains=Value(pieces(word), output_field=ArrayField(TextField())),
        )
    return found


def _ids(rows):
    return rows.order_by().values("pk")
