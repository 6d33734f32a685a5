"""Rule blocks that pay a post instead of feeding a pool. Source: spec `commission.md`, E and F.

Where the rules name no number, the parameter ships as None, "not set". A block with such a hole pays nobody and says so
(`unset`); the month is computed all the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import ClassVar

from commission.formulas.wording import N_, Notice

# What a ScorePay may multiply beside its fixed amounts, and what a ContactPay may be held against.
OUTPUT, CAR_COUNT = "output", "car_count"
STORE_FIGURES = frozenset({OUTPUT, CAR_COUNT})
# Key indicators: measures of the catalogue that have a goal of their own which more is better than.
KEY_MEASURES = frozenset(
    {
        "on_time",
        "call_coverage",
        "call_in_window",
        "complaint_replied",
        "complaint_solved",
        "complaint_content",
        "csi",
        "ten_questions",
        "labour_utilisation",
        "work_efficiency",
    }
)
# Measures that are places in a list: the first is the best.
PLACES = frozenset({"factory_rank"})
# What is entered by hand, day by day, with an amount and a reason.
DAILY, ADD_ON = "daily", "add_on"
EVENTS = frozenset({DAILY, ADD_ON})


@dataclass(frozen=True, slots=True)
class ContactPay:
    """(kept appointments × rate + received cars × rate) × achievements × key indicators × score %, × a supervisor's
    factor. Appointments are the person's own, cars the store's. Key indicators: the mean of actual ÷ goal.
    """

    TYPE: ClassVar[str] = "contact_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    appointment_rate: Decimal | None = None
    car_rate: Decimal | None = None
    achievements: tuple[str, ...] = (CAR_COUNT,)
    key_measures: tuple[str, ...] = ()
    achievement_cap: Decimal | None = None
    raised_posts: tuple[str, ...] = ()
    raised_by: Decimal = Decimal(1)

    @property
    def unset(self) -> tuple[str, ...]:
        return _without(self, "appointment_rate", "car_rate")


@dataclass(frozen=True, slots=True)
class ScorePay:
    """fixed + (scored + measure × coefficient) × score ÷ 100. Without a measure only the amounts count."""

    TYPE: ClassVar[str] = "score_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    fixed: Decimal = Decimal(0)
    scored: Decimal | None = None
    measure: str = ""
    coefficient: Decimal | None = None

    @property
    def unset(self) -> tuple[str, ...]:
        holes = _without(self, "scored", *(["coefficient"] if self.measure else []))
        return holes if self.posts else ("posts", *holes)


@dataclass(frozen=True, slots=True)
class EventPay:
    """The approved amounts entered for the person in the month. Without posts: whoever they were entered for."""

    TYPE: ClassVar[str] = "event_pay"

    code: str
    title: str
    event: str
    posts: tuple[str, ...] = ()

    @property
    def unset(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class LevelAmount:
    """CNY per month from this certification level up."""

    level: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LevelPay:
    """A monthly amount by certification level. `only_beside`: only for who is paid by one of these rules too."""

    TYPE: ClassVar[str] = "level_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    levels: tuple[LevelAmount, ...]
    only_beside: tuple[str, ...] = ()

    @property
    def unset(self) -> tuple[str, ...]:
        return ()

    def amount(self, level: Decimal) -> Decimal:
        """What the highest listed level that is reached pays; nothing below the lowest."""
        reached = [row for row in self.levels if row.level <= level]
        return max(reached, key=lambda row: row.level).amount if reached else Decimal(0)


@dataclass(frozen=True, slots=True)
class SeniorityPay:
    """Completed years since the day of hire × amount, at most so much a month."""

    TYPE: ClassVar[str] = "seniority_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    per_year: Decimal
    most: Decimal
    only_beside: tuple[str, ...] = ()

    @property
    def unset(self) -> tuple[str, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class RankPay:
    """(target place − place) × amount: more for every place better than the target, less for every place worse.
    `only_beside`: only for who is paid by one of these rules too.
    """

    TYPE: ClassVar[str] = "rank_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    amount: Decimal
    measure: str = "factory_rank"
    target_place: Decimal | None = None
    only_beside: tuple[str, ...] = ()

    @property
    def unset(self) -> tuple[str, ...]:
        return _without(self, "target_place")


@dataclass(frozen=True, slots=True)
class MinimumPay:
    """What is missing from the guaranteed minimum, after everything else these rules pay the person."""

    TYPE: ClassVar[str] = "minimum_pay"

    code: str
    title: str
    posts: tuple[str, ...]
    amount: Decimal
    only_beside: tuple[str, ...] = ()

    @property
    def unset(self) -> tuple[str, ...]:
        return ()


PostBlock = ContactPay | ScorePay | EventPay | LevelPay | SeniorityPay | RankPay | MinimumPay
POST_BLOCKS = (ContactPay, ScorePay, EventPay, LevelPay, SeniorityPay, RankPay, MinimumPay)


def _without(block: PostBlock, *names: str) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(block, name) is None)


# ---------------------------------------------------------------------------------------------------------------------
# Checks


def post_problems(blocks: tuple[PostBlock, ...], codes: set[str]) -> Iterator[Notice]:
    """What is wrong with the blocks that pay a post; `codes` are all codes of the plan."""
    for block in blocks:
        for place, value in _amounts(block):
            if value < 0:
                yield Notice("plan.negative", block.code, {"value": value}, place)
        for place, measure in _unknown(block):
            yield Notice("plan.unknown_measure", block.code, {"measure": measure}, place)
        for code in sorted(set(getattr(block, "only_beside", ())) - codes):
            yield Notice("plan.unknown_rule", block.code, {"rule": code}, "only_beside")
        if isinstance(block, ContactPay) and not set(block.raised_posts) <= set(block.posts):
            yield Notice("plan.raised_without_post", block.code, place="raised_posts")
        if isinstance(block, LevelPay):
            for level, count in sorted(Counter(row.level for row in block.levels).items()):
                if count > 1:
                    yield Notice("plan.level_twice", block.code, {"level": level}, "levels")
    for post in _posts_twice(blocks):
        yield Notice("plan.post_twice", post, place="posts")
    for code in _events_twice(blocks):
        yield Notice("plan.event_twice", code, place="posts")


def _posts_twice(blocks: tuple[PostBlock, ...]) -> list[str]:
    """Nobody is paid twice for one post by one kind of rule, of one event."""
    claims = Counter((block.TYPE, getattr(block, "event", ""), post) for block in blocks for post in block.posts)
    return sorted({post for (_kind, _event, post), count in claims.items() if count > 1})


def _events_twice(blocks: tuple[PostBlock, ...]) -> list[str]:
    """A rule without posts pays whoever an amount was entered for: no other may pay the same event."""
    events = [block for block in blocks if isinstance(block, EventPay)]
    known = Counter(block.event for block in events)
    return [block.code for block in events if not block.posts and known[block.event] > 1]


def _amounts(block: PostBlock) -> Iterator[tuple[str, Decimal]]:
    """The numbers of a block that can't be negative, each with its parameter."""
    for part in fields(block):
        value = getattr(block, part.name)
        if isinstance(value, Decimal):
            yield part.name, value
    for row in getattr(block, "levels", ()):
        yield "levels", min(row.level, row.amount)


def _unknown(block: PostBlock) -> Iterator[tuple[str, str]]:
    """Measures and events that a block of this kind can't look at, each with its parameter."""
    match block:
        case ContactPay():
            yield from (("achievements", code) for code in block.achievements if code not in STORE_FIGURES)
            yield from (("key_measures", code) for code in block.key_measures if code not in KEY_MEASURES)
        case ScorePay() if block.measure and block.measure not in STORE_FIGURES:
            yield "measure", block.measure
        case RankPay() if block.measure not in PLACES:
            yield "measure", block.measure
        case EventPay() if block.event not in EVENTS:
            yield "event", block.event


# ---------------------------------------------------------------------------------------------------------------------
# What ships

_CALLERS = ("callback_agent", "crc_supervisor")
_LEADERS = ("frontdesk_supervisor", "workshop_supervisor", "station_manager")
_MANAGEMENT = ("service_manager", *_LEADERS)
_RULES_OF_MANAGEMENT = ("F.manager", "F.management")
_RULES_OF_POSTS = ("E.staff", "E.manager", *_RULES_OF_MANAGEMENT)

_d = Decimal

SHIPPED_FOR_POSTS: tuple[PostBlock, ...] = (
    ContactPay(
        code="E.staff",
        title=N_("Customer relations: appointments and received cars"),
        posts=_CALLERS,
        key_measures=("call_coverage", "csi"),
        raised_posts=("crc_supervisor",),
        raised_by=_d("1.3"),
    ),
    EventPay(code="E.add_on", title=N_("Add-on business"), event=ADD_ON, posts=_CALLERS),
    # No post of that name exists; a store that has one puts its post here.
    ScorePay(code="E.manager", title=N_("Customer-relations manager"), posts=(), fixed=_d("2000"), scored=_d("3000")),
    ScorePay(code="F.manager", title=N_("Service manager"), posts=("service_manager",), measure=OUTPUT),
    ScorePay(code="F.management", title=N_("Management"), posts=_LEADERS, measure=OUTPUT),
    EventPay(code="F.daily", title=N_("Daily incentives"), event=DAILY, posts=_MANAGEMENT),
    LevelPay(
        code="F.certification",
        title=N_("Certification"),
        posts=_MANAGEMENT,
        levels=(
            LevelAmount(_d("1"), _d("50")),
            LevelAmount(_d("2"), _d("100")),
            LevelAmount(_d("3"), _d("200")),
            LevelAmount(_d("4"), _d("200")),
        ),
        only_beside=_RULES_OF_MANAGEMENT,
    ),
    SeniorityPay(
        code="F.seniority",
        title=N_("Seniority"),
        posts=_MANAGEMENT,
        per_year=_d("50"),
        most=_d("200"),
        only_beside=_RULES_OF_MANAGEMENT,
    ),
    RankPay(
        code="F.rank_staff",
        title=N_("Place in the factory's list, staff"),
        posts=("callback_agent",),
        amount=_d("10"),
        only_beside=_RULES_OF_POSTS,
    ),
    RankPay(
        code="F.rank_managers",
        title=N_("Place in the factory's list, managers"),
        posts=("crc_supervisor", *_MANAGEMENT),
        amount=_d("20"),
        only_beside=_RULES_OF_POSTS,
    ),
    MinimumPay(
        code="F.minimum",
        title=N_("Guaranteed minimum"),
        posts=_MANAGEMENT,
        amount=_d("3000"),
        only_beside=_RULES_OF_MANAGEMENT,
    ),
)
