"""Values not everybody may read who may open the page they stand on: purchase prices in an import, pay in the journal.

Where such a value is kept it names its permission (`Column(seen_by=…)` of a sheet, `journal.guards.keep`); where it is
shown, who lacks that permission reads `HIDDEN` in its place. Source: spec `people-and-roles.md` (privacy).
"""

from dealer_crm.access.permissions import Permission

HIDDEN = "•••"


def may_see(reader, permission: Permission | None) -> bool:
    """Whether a Staff may read a value that needs `permission` (None: it needs none).

    Without a reader, where it is not known who will read it, nothing guarded is told.
    """
    return permission is None or (reader is not None and reader.can(permission))
