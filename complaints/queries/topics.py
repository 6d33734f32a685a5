"""The tree of categories as it is offered and kept."""

from dataclasses import dataclass

from complaints.models import Topic


@dataclass(frozen=True)
class Branch:
    """A main category with its sub-categories."""

    main: Topic
    children: list[Topic]


def topic_tree(*, also: int | None = None, whole: bool = False) -> list[Branch]:
    """The tree in its order: the rows in use (and the row `also`), or all of them. One query."""
    rows = [one for one in Topic.objects.select_related("parent") if whole or one.is_used or one.pk == also]
    mains = [one for one in rows if one.parent_id is None]
    return [Branch(main, [one for one in rows if one.parent_id == main.pk]) for main in mains]
