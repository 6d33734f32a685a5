"""What not every reader of the journal may read: purchase prices, pay, customers. The deed itself stays told to all.

Each app names the permission once, when it is ready; lines written before are guarded too.

guards.keep(Permission.COST_VIEW, "unit_cost")  # a change of this name, whatever line it stands in: its values
guards.keep(Permission.RUN_VIEW, "run.computed")  # a deed: all values and the note
guards.keep(Permission.RUN_VIEW, "commission.adjustment")  # a kind of thing: its name as well ("Li Ming 500.00")
guards.keep_business(Permission.ORDER_VIEW, "reception")  # every thing of an app, in the journal of everything
"""

from dealer_crm.access.hidden import may_see
from dealer_crm.access.permissions import Permission

_kept: dict[str, Permission] = {}
_business: dict[str, Permission] = {}


def keep(permission: Permission, *names: str) -> None:
    """Show these changes, deeds or kinds of things only to who holds the permission."""
    _kept.update(dict.fromkeys(names, permission))


def keep_business(permission: Permission, app: str) -> None:
    """In the journal of everything show an app's things only to who may look at such things; the page of a thing has
    asked for its own permission already."""
    _business[app] = permission


def sees_business(reader, subject_type: str) -> bool:
    """Whether things of this kind are the reader's business at all."""
    return may_see(reader, _business.get(subject_type.partition(".")[0]))


def sees_change(reader, name: str) -> bool:
    """Whether the values of a change of this name are the reader's business."""
    return may_see(reader, _kept.get(name))


def sees_deed(reader, verb: str) -> bool:
    """Whether what such a deed changed and noted is the reader's business."""
    return may_see(reader, _kept.get(verb))


def sees_thing(reader, subject_type: str) -> bool:
    """Whether what is told of such things, and how they are called, is the reader's business."""
    return may_see(reader, _kept.get(subject_type))
