"""The tree of categories as it is offered and kept."""

from dataclasses import dataclass

from complaints.choices import Category
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


@dataclass(frozen=True)
class TopicsOffered:
    """The tree as a form offers it: `choices` in groups, `chosen` says what a choice means."""

    choices: list[tuple[str, list[tuple[str, str]]]]
    rows: dict[str, Topic]

    def chosen(self, value: str) -> tuple[Category, Topic | None]:
        """(category, row of the tree or None for a main category without a name of its own)."""
        row = self.rows[value]
        return Category(row.category), row if row.name else None


def topics_offered(*, also: int | None = None) -> TopicsOffered:
    """The rows in use, and the row `also`; for the sheet of a complaint and for the callback desk. One query."""
    choices, found = [], {}
    for branch in topic_tree(also=also):
        rows = [branch.main, *branch.children]
        found |= {choice_of(row): row for row in rows}
        choices.append((str(branch.main), [(choice_of(row), row.name or str(row)) for row in rows]))
    return TopicsOffered(choices, found)


def choice_of(row: Topic) -> str:
    """What a form sends for a row: the category for a main row without a name of its own, else its number."""
    return str(row.pk) if row.name else row.category
