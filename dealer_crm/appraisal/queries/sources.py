"""What scorecards can measure: the catalogue of sources. One line each: name, unit, whose, how it is asked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from callback.choices import RuleCode
from dealer_crm.appraisal.formulas import EVENTS, FAILURES, FIGURE, Fact
from dealer_crm.appraisal.queries import facts, site, training
from dealer_crm.appraisal.queries.facts import Asked, Facts
from dealer_crm.kpi.queries import MEASURES

SHARE, POINTS, COUNT = "share", "points", "count"


@dataclass(frozen=True)
class Source:
    """`form`: see `formulas.scales`. `events`: what its rows are called; empty where it has none to count.

    `is_of_store`: the same for everybody of the store. `has_goal`: the target of the month says how many are allowed.
    """

    code: str
    label: str
    unit: str
    form: str
    ask: Callable[[Asked, str], Facts]
    events: str = ""
    is_of_store: bool = False
    has_goal: bool = False

    def of_nobody(self) -> Fact:
        """What there is to say of who did nothing of the kind."""
        return Fact(self.code, self.form)


_OWN = (
    Source("advisor_on_time", _("Own orders delivered on time"), SHARE, FAILURES, facts.advisor_on_time,
           _("late cars"), has_goal=True),
    Source("technician_on_time", _("Cars worked on delivered on time"), SHARE, FAILURES, facts.technician_on_time,
           _("late cars"), has_goal=True),
    Source("comebacks", _("External comebacks one answers for"), SHARE, EVENTS, facts.comebacks, _("comebacks"),
           has_goal=True),
    Source("rework", _("Orders that failed an inspection by one’s fault"), SHARE, EVENTS, facts.rework,
           _("orders that failed")),
    Source("own_complaints", _("Verified complaints by one’s own fault"), COUNT, EVENTS, facts.own_complaints,
           _("complaints")),
    Source("own_satisfaction", _("Service index of one’s own customers"), POINTS, FIGURE, facts.own_satisfaction),
    Source("wrong_entries", _("Wrong entries of one’s own"), COUNT, EVENTS, facts.wrong_entries, _("wrong entries")),
    Source("wrong_numbers", _("Wrong numbers entered"), COUNT, EVENTS, facts.wrong_numbers, _("wrong numbers")),
    Source("unreported_numbers", _("Wrong customer data reported"), SHARE, FAILURES, facts.unreported_numbers,
           _("wrong numbers not reported")),
    Source("feedback_in_time", _("Feedback in time"), SHARE, FAILURES, facts.feedback_in_time, _("late answers")),
    Source("call_quality", _("Quality of judged calls"), POINTS, FIGURE, facts.call_quality),
    Source("daily_reports", _("Daily reports on time"), SHARE, FAILURES, facts.daily_reports, _("late reports")),
    Source("work_logs", _("Work logs kept"), SHARE, FAILURES, facts.work_logs, _("days without a log")),
    Source("site_points", _("Points of site checks"), POINTS, FIGURE, site.site_points),
    Source("workplace_points", _("Points of site checks where one works"), POINTS, FIGURE, site.workplace_points),
    Source("late_findings", _("Findings put right in time"), SHARE, FAILURES, site.late_findings,
           _("findings put right late")),
    Source("training_scores", _("Test scores of trainings"), POINTS, FIGURE, training.training_scores),
    Source("training_attendance", _("Trainings attended"), SHARE, FAILURES, training.training_attendance,
           _("trainings stayed away from")),
)  # fmt: skip
_OF_STORE = (
    Source("calls_complaint", _("Next-day calls after solved complaints"), SHARE, FAILURES,
           facts.calls_in_time(RuleCode.COMPLAINT_NEXT_DAY), _("calls not made in time")),
    Source("calls_weekly", _("Calls of the Monday sample"), SHARE, FAILURES,
           facts.calls_in_time(RuleCode.WEEKLY_SAMPLE), _("calls not made in time")),
    Source("calls_monthly", _("Calls of the monthly survey"), SHARE, FAILURES,
           facts.calls_in_time(RuleCode.MONTHLY_SURVEY), _("calls not made in time")),
    Source("calls_recheck", _("Re-check of calls"), SHARE, FAILURES, facts.calls_in_time(RuleCode.SPOT_CHECK),
           _("calls not made in time")),
    Source("calls_service", _("After-service calls in their window"), SHARE, FAILURES,
           facts.calls_in_time(RuleCode.SERVICE_3D), _("calls not made in time")),
    Source("complaint_speed", _("Complaints replied to and solved in time"), SHARE, FAILURES, facts.complaint_speed,
           _("slow complaints")),
    Source("complaint_satisfied", _("Satisfied with the result of a complaint"), SHARE, FAILURES,
           facts.complaint_satisfied, _("customers not satisfied")),
    Source("relations_report", _("Customer-relations report: days late"), COUNT, EVENTS, facts.relations_report,
           _("days late")),
    Source("factory_place", _("Place in the factory’s list ÷ stores of the region"), SHARE, FIGURE,
           facts.factory_place),
    Source("satisfaction_gain", _("Service index gained against last month"), POINTS, FIGURE, facts.satisfaction_gain),
)  # fmt: skip


def _catalogue():
    for code, entry in MEASURES.items():
        yield Source(f"kpi.{code}", entry.label, str(entry.unit), FIGURE, facts.of_catalogue(code))


SOURCES: dict[str, Source] = {
    source.code: source for source in (*_OWN, *(replace(one, is_of_store=True) for one in (*_OF_STORE, *_catalogue())))
}

WITH_GOAL = frozenset(code for code, source in SOURCES.items() if source.has_goal)


def facts_of(codes: Iterable[str], asked: Asked) -> dict[str, Facts]:
    """What each of these sources says of the month: a few questions a source, whatever the number of people."""
    return {code: SOURCES[code].ask(asked, code) for code in sorted(set(codes))}


def fact_about(found: dict[str, Facts], code: str, person: int) -> Fact:
    """What a source says of a person."""
    source = SOURCES[code]
    return found[code].get(None if source.is_of_store else person) or source.of_nobody()
