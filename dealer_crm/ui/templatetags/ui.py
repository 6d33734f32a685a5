"""The words of every page: figures, moments, phones, badges, icons. A builtin library: no `{% load %}` needed."""

from datetime import date, datetime, timedelta

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from dealer_crm.organization import queries as organization
from dealer_crm.ui import formulas
from dealer_crm.ui.formulas import MISSING
from dealer_crm.ui.navigation import groups_for

register = template.Library()


# ── Figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def money(amount):
    """Yuan without the sign: 1234.5 → "1,234.50"."""
    return formulas.grouped(amount, 2)


@register.filter
def yuan(amount):
    """Yuan with the sign, for running text: "¥1,234.50"."""
    written = formulas.grouped(amount, 2)
    if written == MISSING:
        return written
    return f"-¥{written[1:]}" if written.startswith("-") else f"¥{written}"


@register.filter
def capitals(amount):
    """Yuan in Chinese capital numerals."""
    return formulas.capital_amount(amount)


@register.filter
def hours(value):
    """Standard or clocked hours: 1.5 → "1.50"."""
    return formulas.grouped(value, 2)


@register.filter
def percent(rate, places=1):
    """A rate 0–1: 0.853 → "85.3%"; `|percent:0` → "85%"."""
    return formulas.percentage(rate, int(places))


@register.filter
def number(value, places=0):
    """A count or measure with commas: 12345 → "12,345"; `|number:1` keeps one decimal."""
    return formulas.grouped(value, int(places))


@register.filter
def mileage(kilometres):
    """ "12,345 km"."""
    written = formulas.grouped(kilometres)
    return written if written == MISSING else f"{written} km"


@register.filter
def about(count):
    """A row count of a big list, already capped by the query: 10001 → "10,000+"."""
    return "10,000+" if count is not None and count > 10_000 else formulas.grouped(count)


# ── Moments ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _local(value):
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


@register.filter
def moment(value):
    """ "11-21 14:30"; another year than this one is written out."""
    if not value:
        return MISSING
    value = _local(value)
    if not isinstance(value, datetime):
        return day(value)
    this_year = value.year == timezone.localdate().year
    return value.strftime("%m-%d %H:%M") if this_year else value.strftime("%Y-%m-%d %H:%M")


@register.filter
def moment_full(value):
    """ "2026-11-21 14:30", for print and records."""
    return _local(value).strftime("%Y-%m-%d %H:%M") if value else MISSING


@register.filter
def clock(value):
    """ "14:30"."""
    return _local(value).strftime("%H:%M") if value else MISSING


@register.filter
def day(value):
    """ "2026-11-21"."""
    if not value:
        return MISSING
    value = _local(value)
    return value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)


@register.filter
def weekday(value):
    """ "2026-11-21 周六"."""
    if not value:
        return MISSING
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    value = _local(value)
    return f"{value:%Y-%m-%d} {names[value.weekday()]}"


@register.filter
def duration(value):
    """A length of time (timedelta, or minutes as a number): "2 小时 05 分"."""
    if value is None or value == "":
        return MISSING
    if not isinstance(value, timedelta):
        value = timedelta(minutes=float(value))
    whole_hours, minutes = formulas.hours_and_minutes(value)
    days, whole_hours_left = divmod(whole_hours, 24)
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": whole_hours_left}
    if whole_hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": whole_hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def remaining(due_at, now=None):
    """What is left until `due_at`, "还剩 25 分", or how late, "超时 1 小时 05 分": `{{ at|remaining:now }}`."""
    if not due_at:
        return MISSING
    left = due_at - (now or timezone.now())
    return (_("%(length)s left") if left > timedelta() else _("%(length)s late")) % {"length": duration(left)}


@register.filter
def due_tone(due_at, now=None):
    """Tone of a promise: danger when past, warning with 30 minutes or less left, else success. Source: workshop.md."""
    if not due_at:
        return "neutral"
    left = due_at - (now or timezone.now())
    if left <= timedelta():
        return "danger"
    return "warning" if left <= timedelta(minutes=30) else "success"


# ── People, cars ─────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def masked(phone):
    """ "138****5678"."""
    return formulas.masked_phone(str(phone) if phone else "")


@register.filter
def masked_plate(plate):
    """ "京A***45", for screens that customers see."""
    return formulas.masked_plate(plate)


@register.filter
def plate(value):
    """A number plate as a small sign; the eight-character new-energy form is green."""
    if not value:
        return MISSING
    return format_html('<span class="plate{}">{}</span>', " plate-green" if len(value) == 8 else "", value)


@register.filter
def or_dash(value):
    """The value, or "—" where there is none."""
    return MISSING if value is None or value == "" else value


@register.filter
def initials(name):
    """What stands in a round avatar: the last two characters of a Chinese name, two initials of a Latin one."""
    words = str(name or "").split()
    if not words:
        return "?"
    if words[0][0].isascii():
        return "".join(word[0] for word in words[:2]).upper()
    return words[0][-2:]


# ── Signs ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def badge(label, tone=None):
    """A state as a coloured badge: `{{ state|badge }}` (a choices member with a tone) or `{{ text|badge:"danger" }}`.

    Tones: neutral, info, primary, success, warning, danger.
    """
    if label is None or label == "":
        return MISSING
    tone = tone or getattr(label, "tone", None) or "neutral"
    return format_html('<span class="badge badge-{}">{}</span>', tone, getattr(label, "label", label))


_icon_markup = {}


@register.simple_tag
def icon(name, label=""):
    """An icon of the sprite by its Tabler name; with a label it speaks, without one it is decoration."""
    key = (name, str(label))
    if key not in _icon_markup or not name:
        spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
        markup = format_html('<svg class="icon" {}><use href="{}#{}"></use></svg>', spoken, static("icons.svg"), name)
        if not name or len(_icon_markup) > 500:
            return markup if name else ""
        _icon_markup[key] = markup
    return _icon_markup[key]


# ── The shell ────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag(takes_context=True)
def navigation(context):
    """The navigation groups the signed-in person may open, each with its entries."""
    request = context.get("request")
    return groups_for(getattr(request, "user", None), getattr(request, "path", ""))


@register.simple_tag
def stores_to_choose(staff):
    """The stores a page offers to a person."""
    return organization.stores_to_choose(staff)


# ── Forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def unit(field):
    """The unit written behind a form field: `widget=NumberInput(attrs={"data-unit": _("hours")})`."""
    return field.field.widget.attrs.get("data-unit", "")


@register.filter
def is_wide(field):
    """Whether a form field takes the whole line of the grid: text areas, lists of choices, or `data-wide`."""
    attrs = field.field.widget.attrs
    return "data-wide" in attrs or field.widget_type in {"textarea", "checkboxselectmultiple"}
