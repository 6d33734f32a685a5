"""The pay plan as data: a few typed rule blocks with parameters, checked on save, stored as JSON.

Source: spec `commission.md`, Plans. A block says *what kind of sum* a rule is; its parameters say for whom, of what and
how much. Which receivers, posts, order kinds and payers a rule knows are parameters too, so that a plan of another
house is another plan and no other program.

Blocks that feed or share a pool stand here, those that pay a post in `posts_blocks`; storing, reading and checking are
generic.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from commission.formulas.posts_blocks import POST_BLOCKS, SHIPPED_FOR_POSTS, PostBlock, post_problems
from commission.formulas.wording import N_, Notice
from dealer_crm.values import Period
from reception.formulas import CUSTOMER, INSURANCE, PDI, WARRANTY

# Measures of a store's month that a MeasureRate can pay, each with a target of the same name.
STORE_MEASURES = frozenset({"output", "car_count"})
# Measures of a person with a target of their own.
PERSON_MEASURES = frozenset({"accessory_sales"})
# Measures a deduction can look at.
DEDUCTION_MEASURES = frozenset({"verified_complaints", "appraisal_score"})
# Receivers of a line's money beside the pools.
SELLER, INSTALLERS, PARTS, NOBODY = "seller", "installers", "parts", "nobody"
# Sellers beside the posts.
NO_SELLER, ANYONE_ELSE, GIFT = "no_seller", "anyone_else", "gift"
# What of a line is paid for.
RECEIVED, SELLING_PRICE = "received", "selling_price"

_ONE, _HUNDRED = Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Tier:
    """From `lower` (included) to `upper` (not included); None is open. `rate`: share taken off."""

    lower: Decimal | None
    upper: Decimal | None
    rate: Decimal

    def holds(self, value: Decimal) -> bool:
        return (self.lower is None or value >= self.lower) and (self.upper is None or value < self.upper)


@dataclass(frozen=True, slots=True)
class Part:
    """A receiver's part of a line's money: a pool, `seller`, `installers`, `parts` or `nobody`."""

    receiver: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class MeasureRate:
    """A measure of the month × rate × achievements of targets, into a pool."""

    TYPE: ClassVar[str] = "measure_rate"

    code: str
    title: str
    measure: str
    rate: Decimal
    achievements: tuple[str, ...]
    pool: str
    achievement_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineSplit:
    """Accessory lines of certain sellers: money × rate (× the seller's achievement), split among receivers.

    `sellers`: posts, `no_seller`, `anyone_else`, `gift`. `basis`: money received, or the selling price in the
    settlement month. `sold_above`: a line sold at this share of its list price or below earns nothing; None = all earn.
    """

    TYPE: ClassVar[str] = "line_split"

    code: str
    title: str
    sellers: tuple[str, ...]
    basis: str
    rate: Decimal
    installed: tuple[Part, ...]
    not_installed: tuple[Part, ...]
    sold_above: Decimal | None = None
    achievement: str = ""
    achievement_cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class HoursPrice:
    """(standard hours × price − consumables) ÷ divisor × rate of each team of a kind, not below zero."""

    TYPE: ClassVar[str] = "hours_price"

    code: str
    title: str
    team_kind: str
    hour_price: Decimal
    divisor: Decimal
    rate: Decimal
    payers: tuple[str, ...]
    excluded_kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolShare:
    """A pool shared by coefficient and days. Members: the `posts`, or without posts the members of the team."""

    TYPE: ClassVar[str] = "pool_share"

    code: str
    title: str
    pool: str
    posts: tuple[str, ...] = ()
    probation_shares: bool = True


@dataclass(frozen=True, slots=True)
class TierDeduction:
    """A part of the gross share of a pool, taken off by tiers over a month's total."""

    TYPE: ClassVar[str] = "tier_deduction"

    code: str
    title: str
    measure: str
    pool: str
    tiers: tuple[Tier, ...]

    def rate(self, value: Decimal) -> Decimal:
        """The share taken off. Raises ValueError when no tier holds the value (a checked plan has no holes)."""
        for tier in self.tiers:
            if tier.holds(value):
                return tier.rate
        raise ValueError(f"no tier for {value}")


Block = MeasureRate | LineSplit | HoursPrice | PoolShare | TierDeduction | PostBlock
BLOCKS: Mapping[str, type] = {
    block.TYPE: block for block in (MeasureRate, LineSplit, HoursPrice, PoolShare, TierDeduction, *POST_BLOCKS)
}


@dataclass(frozen=True, slots=True)
class PlanParameters:
    """One version of a store's plan. `starts`: the first month it holds for."""

    number: int
    name: str
    starts: Period
    blocks: tuple[Block, ...] = field(default=())

    @property
    def label(self) -> str:
        return f"{self.name} v{self.number}"

    def of(self, kind: type | tuple[type, ...]) -> tuple[Any, ...]:
        return tuple(block for block in self.blocks if isinstance(block, kind))

    def block(self, code: str) -> Block:
        """Raises KeyError when there is none."""
        for block in self.blocks:
            if block.code == code:
                return block
        raise KeyError(code)

    def split_for(self, seller: str) -> LineSplit | None:
        """The rule a line falls under: its seller's post, else anyone else's, or none."""
        splits = self.of(LineSplit)
        found = next((split for split in splits if seller in split.sellers), None)
        if found is None and seller not in (NO_SELLER, GIFT):
            found = next((split for split in splits if ANYONE_ELSE in split.sellers), None)
        return found

    def sharing(self, pool: str) -> PoolShare | None:
        return next((block for block in self.of(PoolShare) if block.pool == pool), None)

    def deductions(self, pool: str) -> tuple[TierDeduction, ...]:
        return tuple(block for block in self.of(TierDeduction) if block.pool == pool)

    def with_divisor(self, divisor: Decimal, *, number: int, name: str, starts: Period) -> "PlanParameters":
        """The same plan with another VAT divisor, as a version of its own."""
        blocks = tuple(
            replace(block, divisor=divisor) if isinstance(block, HoursPrice) else block for block in self.blocks
        )
        return PlanParameters(number, name, starts, blocks)


def identifier(code: str) -> str:
    """A rule's code as a name in a formula: `A.output` → `A_output`."""
    return "".join(letter if letter.isalnum() else "_" for letter in code)


# ---------------------------------------------------------------------------------------------------------------------
# Checks


def validate(plan: PlanParameters) -> tuple[Notice, ...]:
    """Everything that is wrong with a plan; an empty answer means that it can be approved."""
    return tuple(_problems(plan))


def _problems(plan: PlanParameters) -> Iterator[Notice]:
    for code, count in Counter(block.code for block in plan.blocks).items():
        if count > 1:
            yield Notice("plan.code_twice", code, place="code")
    for block in plan.blocks:
        match block:
            case MeasureRate():
                yield from _measure_problems(block)
            case LineSplit():
                yield from _split_problems(block)
            case HoursPrice():
                yield from _hours_problems(block)
            case TierDeduction():
                yield from _tier_problems(block)
    for kind, count in Counter(block.team_kind for block in plan.of(HoursPrice)).items():
        if count > 1:
            yield Notice("plan.team_kind_twice", kind, place="team_kind")
    yield from post_problems(plan.of(POST_BLOCKS), {block.code for block in plan.blocks})
    yield from _seller_problems(plan.of(LineSplit))
    yield from _pool_problems(plan)


def _measure_problems(block: MeasureRate) -> Iterator[Notice]:
    yield from _rate_problems(block.code, block.rate, block.achievement_cap)
    for measure in sorted({block.measure, *block.achievements} - STORE_MEASURES):
        place = "measure" if measure == block.measure else "achievements"
        yield Notice("plan.unknown_measure", block.code, {"measure": measure}, place)


def _split_problems(block: LineSplit) -> Iterator[Notice]:
    yield from _rate_problems(block.code, block.rate, block.achievement_cap)
    if block.basis not in (RECEIVED, SELLING_PRICE):
        yield Notice("plan.unknown_basis", block.code, {"basis": block.basis}, "basis")
    if block.achievement and block.achievement not in PERSON_MEASURES:
        yield Notice("plan.unknown_measure", block.code, {"measure": block.achievement}, "achievement")
    if block.sold_above is not None and not 0 <= block.sold_above <= 1:
        yield Notice("plan.not_a_share", block.code, {"value": block.sold_above * _HUNDRED}, "sold_above")
    for place in ("installed", "not_installed"):
        parts = getattr(block, place)
        whole = sum((part.share for part in parts), Decimal(0))
        if whole != _ONE:
            yield Notice("plan.shares_not_whole", block.code, {"sum": whole * _HUNDRED}, place)
        for part in parts:
            if not 0 <= part.share <= 1:
                yield Notice("plan.not_a_share", block.code, {"value": part.share * _HUNDRED}, place)


def _hours_problems(block: HoursPrice) -> Iterator[Notice]:
    yield from _rate_problems(block.code, block.rate)
    if block.hour_price < 0:
        yield Notice("plan.negative", block.code, {"value": block.hour_price}, "hour_price")
    if block.divisor <= 0:
        yield Notice("plan.divisor_not_positive", block.code, {"value": block.divisor}, "divisor")
    if not block.payers:
        yield Notice("plan.no_payers", block.code, place="payers")


def _rate_problems(code: str, rate: Decimal, cap: Decimal | None = None) -> Iterator[Notice]:
    for place, value in (("rate", rate), ("achievement_cap", cap)):
        if value is not None and value < 0:
            yield Notice("plan.negative", code, {"value": value}, place)


def _tier_problems(block: TierDeduction) -> Iterator[Notice]:
    if block.measure not in DEDUCTION_MEASURES:
        yield Notice("plan.unknown_measure", block.code, {"measure": block.measure}, "measure")
    for tier in block.tiers:
        if not 0 <= tier.rate <= 1:
            yield Notice("plan.not_a_share", block.code, {"value": tier.rate * _HUNDRED}, "tiers")
        if tier.lower is not None and tier.upper is not None and tier.lower >= tier.upper:
            yield Notice("plan.tier_empty", block.code, {"lower": tier.lower, "upper": tier.upper}, "tiers")
    yield from _cover_problems(block)


def _cover_problems(block: TierDeduction) -> Iterator[Notice]:
    """Tiers must cover everything from zero up, each value once."""
    reached: Decimal | None = Decimal(0)
    for tier in sorted(block.tiers, key=lambda tier: (tier.lower is not None, tier.lower or 0)):
        lower = Decimal(0) if tier.lower is None else tier.lower
        if reached is None or lower < reached:
            yield Notice("plan.tiers_overlap", block.code, {"value": lower}, "tiers")
        elif lower > reached:
            yield Notice("plan.tiers_gap", block.code, {"lower": reached, "upper": lower}, "tiers")
        reached = tier.upper if reached is not None and (tier.upper is None or tier.upper > reached) else reached
    if reached is not None:
        yield Notice("plan.tiers_end", block.code, {"value": reached}, "tiers")


def _seller_problems(splits: Sequence[LineSplit]) -> Iterator[Notice]:
    """Whose rule a line falls under must have exactly one answer."""
    claims = Counter(seller for split in splits for seller in split.sellers)
    for seller, count in sorted(claims.items()):
        if count > 1:
            yield Notice("plan.seller_twice", seller, place="sellers")
    if splits:
        for seller in (NO_SELLER, ANYONE_ELSE, GIFT):
            if seller not in claims:
                yield Notice("plan.seller_without_rule", seller, place="sellers")


def _pool_problems(plan: PlanParameters) -> Iterator[Notice]:
    """Every pool that money flows into is shared, once; every sharing and deduction has a pool."""
    fed = {block.pool for block in plan.of(MeasureRate)} | {block.code for block in plan.of(HoursPrice)}
    for block in plan.of(LineSplit):
        fed |= {part.receiver for part in (*block.installed, *block.not_installed)} - {SELLER, NOBODY}
    shared = Counter(block.pool for block in plan.of(PoolShare))
    for pool in sorted(fed - set(shared)):
        yield Notice("plan.pool_not_shared", pool, place="pool")
    for pool, count in sorted(shared.items()):
        if count > 1:
            yield Notice("plan.pool_shared_twice", pool, place="pool")
        if pool not in fed:
            yield Notice("plan.pool_without_money", pool, place="pool")
    for block in plan.of(TierDeduction):
        sharing = plan.sharing(block.pool)
        if sharing is None:
            yield Notice("plan.pool_without_money", block.pool, place="pool")
        elif block.measure == "appraisal_score" and not sharing.posts:
            yield Notice("plan.score_without_posts", block.code, place="pool")


# ---------------------------------------------------------------------------------------------------------------------
# JSON


def plan_to_json(plan: PlanParameters) -> dict[str, Any]:
    """Plain JSON, numbers as text so that no digit is lost."""
    return {
        "number": plan.number,
        "name": plan.name,
        "starts": str(plan.starts),
        "blocks": [{"type": block.TYPE, **_written(block)} for block in plan.blocks],
    }


def plan_from_json(stored: Mapping[str, Any]) -> PlanParameters:
    """Read what `plan_to_json` wrote, or a form made. Raises ValueError naming the block and field that is wrong."""
    for name in ("number", "name", "starts", "blocks"):
        if name not in stored:
            raise ValueError(f"{name} is missing")
    return PlanParameters(
        number=int(stored["number"]),
        name=str(stored["name"]),
        starts=Period.parse(str(stored["starts"])),
        blocks=tuple(block_from_json(block) for block in stored["blocks"]),
    )


def block_from_json(stored: Mapping[str, Any]) -> Block:
    """Raises ValueError naming the block and field that is wrong."""
    if not isinstance(stored, Mapping) or stored.get("type") not in BLOCKS:
        raise ValueError(f"unknown rule block: {stored!r}")
    kind = BLOCKS[stored["type"]]
    where = str(stored.get("code") or stored["type"])
    return _read(kind, {name: value for name, value in stored.items() if name != "type"}, where)


def _written(value: Any) -> Any:
    if is_dataclass(value):
        return {part.name: _written(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def _read(kind: type, stored: Any, where: str) -> Any:
    if not isinstance(stored, Mapping):
        raise ValueError(f"{where}: wrong kind of value: {stored!r}")
    hints = get_type_hints(kind)
    known = {part.name: part for part in fields(kind)}
    for name in stored:
        if name not in known:
            raise ValueError(f"{where}: unknown field {name}")
    read = {}
    for name, part in known.items():
        if name in stored:
            read[name] = _read_value(hints[name], stored[name], f"{where}.{name}")
        elif part.default is MISSING:
            raise ValueError(f"{where}: {name} is missing")
    return kind(**read)


def _read_value(hint: Any, stored: Any, where: str) -> Any:
    if get_origin(hint) is UnionType:
        if stored is None:
            return None
        hint = next(option for option in get_args(hint) if option is not type(None))
    if get_origin(hint) is tuple:
        if isinstance(stored, str) or not isinstance(stored, Iterable):
            raise ValueError(f"{where}: a list is needed")
        return tuple(_read_value(get_args(hint)[0], item, where) for item in stored)
    if hint is Decimal:
        try:
            number = Decimal(str(stored))
        except InvalidOperation as error:
            raise ValueError(f"{where}: not a number: {stored!r}") from error
        if not number.is_finite():
            raise ValueError(f"{where}: not a number: {stored!r}")
        return number
    if hint in (bool, str):
        if not isinstance(stored, hint):
            raise ValueError(f"{where}: wrong kind of value: {stored!r}")
        return stored
    return _read(hint, stored, where)


# ---------------------------------------------------------------------------------------------------------------------
# What ships

FRONT_DESK = "front_desk"

_d = Decimal

SHIPPED = PlanParameters(
    number=1,
    name="Shipped plan",
    starts=Period(2000, 1),
    blocks=(
        MeasureRate(
            code="A.output",
            title=N_("Output commission"),
            measure="output",
            rate=_d("0.005"),
            achievements=("output", "car_count"),
            pool=FRONT_DESK,
        ),
        LineSplit(
            code="A.accessories",
            title=N_("Accessories sold at the front desk"),
            sellers=(NO_SELLER, "advisor", "advisor_assistant"),
            basis=RECEIVED,
            rate=_d("0.10"),
            sold_above=_d("0.8"),
            installed=(Part(FRONT_DESK, _d("0.6")), Part(INSTALLERS, _d("0.4"))),
            not_installed=(Part(FRONT_DESK, _d("0.6")), Part(NOBODY, _d("0.4"))),
        ),
        PoolShare(
            code="A.share",
            title=N_("Share of the front-desk pool"),
            pool=FRONT_DESK,
            posts=("advisor", "advisor_assistant"),
            probation_shares=False,
        ),
        TierDeduction(
            code="A.complaints",
            title=N_("Deduction for verified complaints"),
            measure="verified_complaints",
            pool=FRONT_DESK,
            tiers=(
                Tier(None, _d("1"), _d("0")),
                Tier(_d("1"), _d("2"), _d("0.05")),
                Tier(_d("2"), _d("3"), _d("0.20")),
                Tier(_d("3"), None, _d("0.50")),
            ),
        ),
        TierDeduction(
            code="A.appraisal",
            title=N_("Deduction for a low appraisal score"),
            measure="appraisal_score",
            pool=FRONT_DESK,
            tiers=(Tier(None, _d("96"), _d("0.10")), Tier(_d("96"), None, _d("0"))),
        ),
        LineSplit(
            code="B.sales",
            title=N_("Accessories sold by accessory sellers"),
            sellers=("accessory_seller",),
            basis=RECEIVED,
            rate=_d("0.10"),
            sold_above=_d("0.8"),
            achievement="accessory_sales",
            installed=(Part(SELLER, _d("0.6")), Part(INSTALLERS, _d("0.4"))),
            not_installed=(Part(SELLER, _d("1")),),
        ),
        LineSplit(
            code="B.other",
            title=N_("Accessories sold or given by another department"),
            sellers=(ANYONE_ELSE, GIFT),
            basis=SELLING_PRICE,
            rate=_d("0.02"),
            installed=(Part(SELLER, _d("0.35")), Part(INSTALLERS, _d("0.35")), Part(PARTS, _d("0.3"))),
            not_installed=(Part(SELLER, _d("0.35")), Part(NOBODY, _d("0.35")), Part(PARTS, _d("0.3"))),
        ),
        PoolShare(code="B.installers", title=N_("Installation of accessories"), pool=INSTALLERS),
        PoolShare(code="B.parts", title=N_("Parts department's part of accessories"), pool=PARTS),
        HoursPrice(
            code="C",
            title=N_("Mechanical and electrical team"),
            team_kind="mechanical",
            hour_price=_d("120"),
            divisor=_d("1.17"),
            rate=_d("0.18"),
            payers=(CUSTOMER, WARRANTY, INSURANCE),
            excluded_kinds=(PDI, "campaign", "accessory"),
        ),
        PoolShare(code="C.share", title=N_("Share of the team's commission"), pool="C"),
        HoursPrice(
            code="D",
            title=N_("Body and paint team"),
            team_kind="body_paint",
            hour_price=_d("100"),
            divisor=_d("1.17"),
            rate=_d("0.20"),
            payers=(CUSTOMER, WARRANTY, INSURANCE),
            excluded_kinds=(PDI, "campaign", "accessory"),
        ),
        PoolShare(code="D.share", title=N_("Share of the team's commission"), pool="D"),
        *SHIPPED_FOR_POSTS,
    ),
)

# The VAT divisor since 2019-04, offered as a ready second version; whoever adopts it chooses its first month.
VAT_DIVISOR_NOW = _d("1.13")
SHIPPED_VAT_113 = SHIPPED.with_divisor(VAT_DIVISOR_NOW, number=2, name="Shipped plan", starts=Period(2019, 4))
