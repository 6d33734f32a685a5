"""What the pages of pay show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from commission.choices import RunState
from commission.formulas.plan import SHIPPED, plan_from_json
from commission.formulas.preconditions import stops
from commission.formulas.wording import Notice, written
from commission.models import Adjustment, Plan, Run, Statement, StatementLine
from commission.queries.facts import month_facts, version_in_force
from commission.queries.words import notice_from_json, said
from complaints.models import Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.appraisal.queries import own_sheets, sheets_for
from dealer_crm.organization.models import Staff, Store
from dealer_crm.values import Period
from reception.models import RepairOrder


def runs_for(staff: Staff) -> QuerySet[Run]:
    return Run.objects.visible_to(staff).select_related("store", "plan_version__plan").defer("figures", "carry_over")


def statements_of(run: Run) -> QuerySet[Statement]:
    return run.statements.select_related("staff", "team").order_by("staff__work_number")


def own_statements(staff: Staff) -> QuerySet[Statement]:
    """A person's own statements of months that have been reviewed; drafts still move."""
    return (
        Statement.objects.filter(staff=staff)
        .exclude(run__state=RunState.DRAFT)
        .select_related("run", "run__store", "staff", "team")
        .order_by("-run__period")
    )


def with_lines(statements: QuerySet[Statement]) -> QuerySet[Statement]:
    return statements.prefetch_related(Prefetch("lines", StatementLine.objects.order_by("position")))


@dataclass(frozen=True)
class Missing:
    """Something without which the month can't be computed, where to mend it, and who may."""

    sentence: str
    url: str
    permission: Permission

    @property
    def roles(self) -> str:
        """The roles that may mend it, in words."""
        return "、".join(str(role.label) for role in Role if self.permission in PERMISSIONS[role])


# What warnings name, other than a person or a pool: where it is shown and who may see it.
_SEEN_AT = (
    (RepairOrder, "reception:order", Permission.ORDER_VIEW),
    (Complaint, "complaints:complaint", Permission.COMPLAINT_VIEW),
)

# Where what is missing can be mended, by the beginning of the notice's code.
_MENDED_AT = {
    "stop.target": ("kpi:targets", Permission.TARGET_CHANGE),
    "stop.seller_target": ("kpi:targets", Permission.TARGET_CHANGE),
    "stop.score": ("appraisal:scores", Permission.SCORE_CHANGE),
}


def missing_for(store: Store, period: Period) -> list[Missing]:
    """What stops the month's computation, each with the page where it is mended; empty when nothing does."""
    version = version_in_force(store, period)
    if version is None and Plan.objects.filter(store=store).exists():
        return []
    parameters = plan_from_json(version.rules) if version else SHIPPED
    notices = stops(month_facts(store, period, measures=()), parameters)
    told = _said_by_name(notices)
    return [Missing(text, *_mended_at(notice, period)) for notice, text in zip(notices, told, strict=True)]


def _said_by_name(notices: Iterable[Notice]) -> list[str]:
    """What the formulas tell, people called by number and name."""
    notices = list(notices)
    names = names_of({notice.subject for notice in notices})
    called = {number: f"{number} {name}" for number, name in names.items()}
    return [said(replace(notice, subject=called.get(notice.subject, notice.subject))) for notice in notices]


def _mended_at(notice: Notice, period: Period) -> tuple[str, Permission]:
    for beginning, (name, permission) in _MENDED_AT.items():
        if notice.code.startswith(beginning):
            return f"{reverse(name)}?period={period}", permission
    number = notice.params.get("order", notice.subject)
    order = RepairOrder.objects.filter(number=number).first()
    return reverse("reception:order", args=[order.pk]) if order else "", Permission.ORDER_CHANGE_ANY


def pool_figures(run: Run) -> list[dict]:
    """The figures of the front-desk pool: name on the sheet, value, address of the explanation."""
    return [
        {
            "name": figure["name"],
            "value": written(Decimal(figure["explanation"]["amount"]), figure["explanation"]["unit"]),
            "url": reverse("commission:figure_explanation", args=[run.pk, "pool", figure["key"]]),
        }
        for figure in run.figures.get("pool", ())
    ]


def team_figures(run: Run) -> list[dict]:
    numbers = ("hours", "hour_price", "consumables", "divisor", "rate", "amount")
    return [
        {
            **team,
            **{name: team[name] and Decimal(team[name]) for name in numbers},
            "title": _(team["title"]),
            "url": reverse("commission:figure_explanation", args=[run.pk, "teams", place]),
        }
        for place, team in enumerate(run.figures.get("teams", ()))
    ]


def kept_figure(run: Run, part: str, key: str) -> dict | None:
    """A pool figure by key, a team's by place: its title and kept explanation."""
    if part == "pool":
        found = next((figure for figure in run.figures.get("pool", ()) if figure["key"] == key), None)
        return found and {"title": found["name"], "explanation": found["explanation"]}
    teams = run.figures.get("teams", ()) if part == "teams" else ()
    if key.isdigit() and int(key) < len(teams):
        found = teams[int(key)]
        return {"title": f"{found['team']} {_(found['title'])}", "explanation": found["explanation"]}
    return None


def figure_places(run: Run) -> dict[str, tuple[str, str]]:
    """The name by which amounts name a figure they are made of → where it is kept (`kept_figure`)."""
    pool = {figure["key"]: ("pool", figure["key"]) for figure in run.figures.get("pool", ())}
    teams = enumerate(run.figures.get("teams", ()))
    return pool | {f"{team['code']}:{team['team']}": ("teams", str(place)) for place, team in teams}


def figures_behind(slip: Statement) -> set[tuple[str, str]]:
    """The figures a person's amounts are made of, and those these are made of: whose share it is sees the whole."""
    places, found = figure_places(slip.run), set()
    asked = [line.explanation for line in slip.lines.all()]
    while asked:
        named = {value["figure"] for value in asked.pop()["values"]} & places.keys()
        for place in {places[name] for name in named} - found:
            found.add(place)
            asked.append(kept_figure(slip.run, *place)["explanation"])
    return found


def documents_of(kept: dict, run: Run, reader: Staff) -> dict[str, str]:
    """Number → address of the documents of an explanation that the reader may open; an order is found by its number."""
    found = {}
    if reader.can(Permission.ORDER_VIEW):
        at = reverse("ui:search")
        found |= {row["number"]: f"{at}?{urlencode({'q': row['order']})}" for row in kept["rows"] if row["order"]}
    if complaints := [row["number"] for row in kept["rows"] if row["kind"] == "complaint"]:
        found |= _complaint_addresses(complaints, run, reader)
    if scored := [row["number"] for row in kept["rows"] if row["kind"] == "score"]:
        found |= {number: _sheet_address(number, run, reader) for number in scored}
    return {number: address for number, address in found.items() if address}


def _complaint_addresses(numbers: list[str], run: Run, reader: Staff) -> dict[str, str]:
    """The cases the reader may open; of others that name the reader, the page of what is said about them."""
    rows = Complaint.objects.filter(store=run.store_id, number__in=numbers)
    named = rows.filter(responsibilities__staff=reader).values_list("number", flat=True)
    found = dict.fromkeys(named, reverse("complaints:about_me")) if reader.can(Permission.APPEAL_CREATE) else {}
    if reader.can(Permission.COMPLAINT_VIEW_OWN):
        seen = rows.filter(pk__in=Complaint.objects.visible_to(reader).values("pk"))
        found |= {number: reverse("complaints:complaint", args=[pk]) for number, pk in seen.values_list("number", "pk")}
    return found


def _sheet_address(number: str, run: Run, reader: Staff) -> str:
    """Where the score of the month was given, line by line."""
    own = number == reader.work_number
    if not reader.can(Permission.SHEET_VIEW_OWN if own else Permission.SHEET_VIEW):
        return ""
    sheets = own_sheets(reader) if own else sheets_for(reader)
    sheet = sheets.filter(staff__work_number=number, period=run.period).first()
    return reverse("appraisal:own_sheet" if own else "appraisal:sheet", args=[sheet.pk]) if sheet else ""


def names_of(numbers: Iterable[str]) -> dict[str, str]:
    """Work number → name."""
    return dict(Staff.objects.filter(work_number__in=list(numbers)).values_list("work_number", "name"))


def warnings_of(run: Run, staff: Staff) -> list[tuple[str, str]]:
    """What should be looked at before going on: the sentence, and where this person may look at it ("" = nowhere)."""
    notices = [notice_from_json(kept) for kept in run.warnings]
    numbers, places = {notice.subject for notice in notices}, {}
    for model, address, permission in _SEEN_AT:
        if numbers and staff.can(permission):
            rows = model.objects.filter(store=run.store, number__in=numbers).values_list("number", "pk")
            places |= {number: reverse(address, args=[pk]) for number, pk in rows}
    told = _said_by_name(notices)
    return [(text, places.get(notice.subject, "")) for notice, text in zip(notices, told, strict=True)]


def carry_over_of(run: Run) -> list[dict]:
    return [
        {
            **item,
            "reason": said(notice_from_json(item["reason"])),
            "day": item["day"] and date.fromisoformat(item["day"]),
            "amount": Decimal(item["amount"]),
        }
        for item in run.carry_over
    ]


def adjustments_of(run: Run) -> QuerySet[Adjustment]:
    return Adjustment.objects.filter(store=run.store, period=run.period, declined_at=None).select_related(
        "staff", "entered_by", "approved_by"
    )


def adjustments_to_decide(staff: Staff) -> QuerySet[Adjustment]:
    """What waits for this person's approval, oldest first; nobody decides on what they proposed or get."""
    rows = Adjustment.objects.visible_to(staff).undecided().exclude(staff=staff).exclude(entered_by=staff)
    return rows.select_related("staff").order_by("period", "pk")
