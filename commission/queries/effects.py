"""What a judgement about a complaint does to a person's pay, in a sentence; complaints ask it (`ask_of_pay_effect`).

Where a reviewed run counted the complaint, its own line speaks; otherwise the plan in force says by which rate. A draft
still moves and is shown to nobody.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from commission.choices import LineKind, PlanState, RunState
from commission.formulas.plan import SHIPPED, PlanParameters, TierDeduction, plan_from_json
from commission.models import Plan, PlanVersion, StatementLine
from complaints.models import Complaint, Responsibility
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period

MEASURE = "verified_complaints"


def pay_effects(staff: Staff, complaints: Iterable[Complaint]) -> dict[int, str]:
    """Complaint id → what it takes off, for the complaints a person answers for."""
    complaints = list(complaints)
    counted, books = _counted(staff, {one.number for one in complaints}), {}
    months = Counter(_month(one) for one in _of_person(staff))
    post = staff.positions.order_by("-starts_on").values_list("post", flat=True).first()
    told = {}
    for one in complaints:
        if line := counted.get(one.number):
            told[one.pk] = _taken_off(line)
            continue
        if one.store not in books:
            books[one.store] = _plans(one.store)
        month = _month(one)
        told[one.pk] = _expected(_block(books[one.store], month, post), months[month], month)
    return told


def _taken_off(line: StatementLine) -> str:
    facts = {"period": line.run.period, "rule": _(line.name)}
    text = _("In %(period)s ¥%(amount)s were taken off by rule “%(rule)s”.")
    return text % {**facts, "amount": f"{abs(line.amount):,.2f}"}


def _expected(block: TierDeduction | None, times: int, month: Period) -> str:
    if block is None:
        return _("The pay plan takes nothing off for your post.")
    facts = {"count": times, "period": month, "rule": _(block.title), "rate": f"{block.rate(Decimal(times)):.0%}"}
    text = _(
        "%(count)s verified in %(period)s: rule “%(rule)s” takes %(rate)s of your share off; the run says how much."
    )
    return text % facts


def _counted(staff: Staff, numbers: set[str]) -> dict[str, StatementLine]:
    """Number → the line of a reviewed run that counted the complaint."""
    lines = (
        StatementLine.objects.filter(statement__staff=staff, kind=LineKind.DEDUCTION)
        .exclude(run__state=RunState.DRAFT)
        .select_related("run")
        .order_by("run__period", "pk")
    )
    found = {}
    for line in lines:
        for row in line.explanation.get("rows", ()):
            if row.get("number") in numbers:
                found[row["number"]] = line
    return found


def _of_person(staff: Staff) -> list[Complaint]:
    rows = Responsibility.objects.filter(staff=staff, complaint__is_verified=True).select_related("complaint__store")
    return [row.complaint for row in rows]


def _month(complaint: Complaint) -> Period:
    return Period.of(complaint.received_at, complaint.store.tz)


def _plans(store: Store) -> list[tuple[str, PlanParameters]]:
    """The approved versions of a store's plan with the month each begins, latest first; the shipped one without any."""
    rows = PlanVersion.objects.filter(plan__store=store, state=PlanState.APPROVED).order_by("-starts_period")
    found = [(row.starts_period, plan_from_json(row.rules)) for row in rows]
    return found if found or Plan.objects.filter(store=store).exists() else [("", SHIPPED)]


def _block(plans: list[tuple[str, PlanParameters]], month: Period, post: str | None) -> TierDeduction | None:
    """The rule in force in a month that looks at verified complaints and takes from this post's pool."""
    plan = next((plan for starts, plan in plans if starts <= str(month)), None)
    for block in plan.of(TierDeduction) if plan else ():
        sharing = plan.sharing(block.pool)
        if block.measure == MEASURE and sharing and post in sharing.posts:
            return block
    return None
