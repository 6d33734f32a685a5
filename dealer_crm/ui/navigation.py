"""The navigation at the side: apps register entries when they are ready, a person sees what they may open.

# reception/apps.py
class ReceptionConfig(AppConfig):
    name = "reception"

    def ready(self):
        from dealer_crm.ui import navigation
        from dealer_crm.ui.navigation import Entry, Group

        navigation.register(
            Entry(_("Orders"), "reception:orders", Permission.ORDER_VIEW, icon="car", group=Group.RECEPTION, order=20),
        )
"""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import Role


class Group(TextChoices):
    """The groups of the navigation, in the order in which they stand."""

    RECEPTION = "reception", _("Reception")
    WORKSHOP = "workshop", _("Workshop")
    CALLBACK = "callback", _("Callback")
    COMPLAINTS = "complaints", _("Complaints")
    SATISFACTION = "satisfaction", _("Satisfaction")
    COMMISSION = "commission", _("Commission")
    APPRAISAL = "appraisal", _("Appraisal")
    KPI = "kpi", _("Key figures")
    REPORTS = "reports", _("Reports")
    SYSTEM = "system", _("System")


_PLACES = {group: place for place, group in enumerate(Group)}
_ICONS = {
    Group.RECEPTION: "car", Group.WORKSHOP: "tool", Group.CALLBACK: "phone", Group.COMPLAINTS: "message-report",
    Group.SATISFACTION: "star", Group.COMMISSION: "coin", Group.APPRAISAL: "list-check", Group.KPI: "chart-bar",
    Group.REPORTS: "report-analytics", Group.SYSTEM: "settings",
}  # fmt: skip

# Where the work of a role is: open on pages that belong to no group, such as the first.
_WORK_OF = {
    Role.ADVISOR: Group.RECEPTION, Role.FRONTDESK: Group.RECEPTION, Role.CASHIER: Group.RECEPTION,
    Role.WORKSHOP: Group.WORKSHOP, Role.TECHNICIAN: Group.WORKSHOP, Role.INSPECTOR: Group.WORKSHOP,
    Role.AGENT: Group.CALLBACK, Role.CRC: Group.CALLBACK, Role.MANAGER: Group.KPI, Role.DIRECTOR: Group.KPI,
    Role.FINANCE: Group.COMMISSION, Role.GROUP: Group.KPI, Role.ADMIN: Group.SYSTEM,
}  # fmt: skip

# Up to so many lines a navigation is seen at a glance; a longer one is folded into its groups.
SEEN_AT_ONCE = 24


@dataclass(frozen=True)
class Entry:
    """One line of the navigation. `icon` is a Tabler icon name; `order` sorts within the group."""

    label: str
    url_name: str
    permission: Permission
    icon: str
    group: Group
    order: int = 100


@dataclass(frozen=True)
class Link:
    """An entry as one person sees it now."""

    label: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Section:
    """A group with the lines one person may open. `is_long`: the whole navigation is, so groups are folded, but for the
    open one."""

    title: str
    icon: str
    links: list[Link]
    is_long: bool = False
    is_open: bool = False


_entries: dict[str, Entry] = {}


def register(*entries: Entry) -> None:
    """Add entries; the same `url_name` again replaces the former."""
    for entry in entries:
        if not isinstance(entry.group, Group):
            raise TypeError(f"{entry.url_name}: group must be one of {', '.join(Group.names)}")
        _entries[entry.url_name] = entry


def entries() -> list[Entry]:
    """Every registered entry in the order of the navigation."""
    return sorted(_entries.values(), key=lambda entry: (_PLACES[entry.group], entry.order, entry.url_name))


def groups_for(staff, path: str = "") -> list[Section]:
    """The groups with the links `staff` may open; active is the link whose address begins `path` furthest."""
    if staff is None or not staff.is_authenticated:
        return []
    allowed = [(entry, url) for entry in entries() if staff.can(entry.permission) and (url := _address(entry))]
    here = max(
        (url for _entry, url in allowed if path == url or path.startswith(url.rstrip("/") + "/")), key=len, default=""
    )
    open_one = next((entry.group for entry, url in allowed if url == here), None) or _work_of(staff)
    return [
        Section(
            group.label,
            _ICONS.get(group, "list-details"),
            [Link(entry.label, url, entry.icon, url == here) for entry, url in members],
            len(allowed) > SEEN_AT_ONCE,
            group == open_one,
        )
        for group, members in groupby(allowed, key=lambda pair: pair[0].group)
    ]


def _work_of(staff) -> Group | None:
    return next((_WORK_OF[Role(role)] for role in staff.roles if role in _WORK_OF), None)


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        # An app whose pages are not wired in (a reduced installation) simply has no line.
        return ""
