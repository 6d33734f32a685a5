"""The tree of categories (类别, 小类), as the house words it. Source: spec `complaints.md` (category tree)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.choices import Category
from complaints.models import Topic
from complaints.shipped import TOPICS
from dealer_crm.journal import actions as journal
from dealer_crm.values import Refusal


@transaction.atomic
def ship_topics(*, by, at: datetime) -> int:
    """Bring the tree the program comes with; where there is one already nothing is touched. Returns how many rows.

    Not in the journal (`by`, `at`): every fresh database has it, and nobody has changed anything.
    """
    if Topic.objects.exists():
        return 0
    mains = Topic.objects.bulk_create(
        Topic(category=category, place=place) for place, category in enumerate(TOPICS, start=1)
    )
    subs = Topic.objects.bulk_create(
        Topic(category=main.category, parent=main, name=name, place=place)
        for main in mains
        for place, name in enumerate(TOPICS[Category(main.category)], start=1)
    )
    return len(mains) + len(subs)


@transaction.atomic
def add_topic(*, name: str, category: Category | None = None, parent: Topic | None = None, by, at: datetime) -> Topic:
    """A row more: below a main category, or a main one that counts as one of the fixed ones.

    Refused: no name, a name the level has already, a third level, a main one that counts as nothing.
    """
    name = _named(name)
    if parent is not None and parent.parent_id:
        raise Refusal(_("Categories have two levels."), field="parent", code="third_level")
    if parent is None and not category:
        raise Refusal(_("Say what the category counts as in statistics."), field="category", code="category_missing")
    _refuse_double(name, parent)
    last = Topic.objects.filter(parent=parent).order_by("-place").values_list("place", flat=True).first()
    topic = Topic.objects.create(
        category=parent.category if parent else category, parent=parent, name=name, place=(last or 0) + 1
    )
    journal.record(by=by, at=at, verb="complaint_topic.changed", subject=topic, changes={"name": ["", str(topic)]})
    return topic


@transaction.atomic
def change_topic(*, topic: Topic, name: str, is_used: bool, place: int | None = None, by, at: datetime) -> Topic:
    """Call it otherwise, put it elsewhere in its list, take it out of use or back. What it counts as never changes.

    A main row may lose its own name again, if no other bears the category's. Refused: a sub-category without a name, a
    name the level has already, the last main category taken out of use.
    """
    topic = Topic.objects.select_for_update(of=("self",)).select_related("parent").get(pk=topic.pk)
    name = name.strip()
    if name or topic.parent_id:
        _refuse_double(_named(name), topic.parent, but=topic)
    elif Topic.objects.filter(category=topic.category, name="").exclude(pk=topic.pk).exists():
        raise Refusal(_("Give it a name: another row stands for this category."), field="name", code="name_missing")
    mains = Topic.objects.filter(parent=None, is_used=True).exclude(pk=topic.pk)
    if topic.parent_id is None and not is_used and not mains.exists():
        raise Refusal(_("One main category must stay in use."), field="is_used", code="last_category")
    changed = {"name": name, "is_used": is_used, "place": topic.place if place is None else place}
    before = {field: getattr(topic, field) for field in changed}
    for field, value in changed.items():
        setattr(topic, field, value)
    topic.save(update_fields=list(changed))
    journal.record(
        by=by, at=at, verb="complaint_topic.changed", subject=topic, changes=journal.changed_fields(before, topic)
    )
    return topic


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise Refusal(_("Give the category a name."), field="name", code="name_missing")
    return name[:40]


def _refuse_double(name: str, parent: Topic | None, but: Topic | None = None) -> None:
    same = Topic.objects.filter(parent=parent, name__iexact=name)
    if but is not None:
        same = same.exclude(pk=but.pk)
    if same.exists():
        raise Refusal(_("There is a category of this name already."), field="name", code="name_taken")
