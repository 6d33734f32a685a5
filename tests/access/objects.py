"""What the access matrix needs to know to walk every address: an object for every address that names one.

A new address with arguments needs a line in `RECIPES` (its name → how to get its arguments); an address without any
needs nothing. A GET that writes needs its reason in `WRITES_ON_GET`. Objects are made once for each store, and carry
`MARK` in their texts when they belong to the other store, so that a list that leaks them is found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from callback.actions import score_call
from callback.choices import LeadLevel, Occasion, Outcome, QualityPoint, VisitSource
from callback.models import Campaign, Contact, Handover, Lead, Referral, ServiceRequest, WorkLog
from commission.actions import draft_version as draft_plan
from commission.actions import install_plan
from commission.formulas.explanation import NamedValue, explain, to_json
from commission.models import (
    Adjustment,
    CoefficientChange,
    Computation,
    Dispute,
    DryRun,
    Incentive,
    PayAppeal,
    PayLine,
    PaySlip,
    Run,
    Statement,
    StatementLine,
)
from complaints.actions import write_knowledge
from complaints.choices import Category, ComplaintState, GoodwillKind, Severity
from complaints.models import Appeal, Evidence, Goodwill, GoodwillBudget, IncidentReport, Topic
from complaints.queries import public_path
from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import PERMISSIONS, Role
from dealer_crm.appraisal.actions import ItemDraft, plan_training
from dealer_crm.appraisal.actions import draft_version as draft_card
from dealer_crm.appraisal.actions import site as actions_of_site
from dealer_crm.appraisal.choices import (
    Area,
    CheckKind,
    Rhythm,
    ScaleKind,
    SheetState,
    TrainingKind,
    Verdict,
    VersionState,
)
from dealer_crm.appraisal.models import (
    Scorecard,
    ScorecardVersion,
    Sheet,
    SheetAppeal,
    SheetLine,
    SiteFinding,
    SitePhoto,
    SiteRound,
    Star,
)
from dealer_crm.importing.models import ImportRun, ImportSource
from dealer_crm.kpi.choices import Measure
from dealer_crm.kpi.models import GoalLine, GoalMeeting, Target
from dealer_crm.notices.models import Notice
from dealer_crm.organization.models import Staff
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import Export, KeptReport
from dealer_crm.reporting.registry import reports_for
from dealer_crm.values import Period
from dealer_crm.workdays.actions import set_day
from reception.actions import find_flaws
from reception.choices import ArchiveField, DelayCause, FlawKind, LineKind, OrderState
from reception.models import ChangeRequest, Flaw, VehicleDriver, WalkRound
from satisfaction.actions import draft_version, install_questionnaires
from satisfaction.choices import QuestionnaireKind
from satisfaction.models import Flag, ImprovementPlan, Question, QuestionnaireVersion
from satisfaction.queries import questionnaire_of_kind, survey_path
from tests.factories import satisfaction
from tests.factories.agreements import AgreementFactory, MembershipTermsFactory, SegmentFactory
from tests.factories.appointments import AppointmentFactory
from tests.factories.callback import (
    CallTaskFactory,
    ContactFactory,
    ReferralFactory,
    ServiceRequestFactory,
    shipped_rule,
)
from tests.factories.cast import Cast
from tests.factories.channels import AnswerFactory, MessageFactory
from tests.factories.complaints import ComplaintFactory
from tests.factories.reception import (
    AddOnFactory,
    CustomerFactory,
    PartFactory,
    ReceiptFactory,
    RepairOrderFactory,
    SuggestionFactory,
    VehicleFactory,
)
from tests.factories.visits import OrderPhotoFactory, SignatureFactory, StoredFileFactory
from tests.factories.workshop import (
    BayFactory,
    ClockEntryFactory,
    ComebackFactory,
    ConsumableIssueFactory,
    HourDeductionFactory,
    InspectionFactory,
    JobFactory,
    OperationFactory,
    ToolFactory,
)
from tests.importing.workbooks import written
from workshop.choices import JobState
from workshop.models import Attendance, DefectPhoto

MARK = "浦江"
"""Stands in the name of the other store and of everything that belongs to it."""

AT = datetime(2026, 10, 15, 2, 0, tzinfo=UTC)
MONTH = "2026-10"
EXPLANATION = to_json(explain("target", "goal", plan="1", values=(NamedValue("goal", Decimal(1), figure="output"),)))


class Stage:
    """One store with one object of every kind, each made when it is first asked for (all of them before the first test:
    what a test makes is gone after it)."""

    def __init__(self, people: Cast):
        self.people, self.store = people, people.store
        self.mark = MARK if MARK in people.store.name else "远航"
        self._of_person: dict[tuple[str, int], object] = {}

    def of(self, name: str, person: Staff, make: Callable[[], object]):
        """The object of a kind that belongs to one person."""
        key = (name, person.pk)
        if key not in self._of_person:
            self._of_person[key] = make()
        return self._of_person[key]

    def colleague_of(self, person: Staff) -> Staff:
        """The person of this store who stands for `person`: the same one, or the one of the same role."""
        if person.store_id == self.store.pk:
            return person
        return getattr(self.people, person.roles[0])

    def everything(self) -> None:
        """Make one object of every kind, so that lists have something to show."""
        for name, made in vars(type(self)).items():
            if isinstance(made, cached_property):
                getattr(self, name)
        for make in KINDS.values():
            make(self, self.people.manager)

    # ── Reception ──
    @cached_property
    def customer(self):
        return CustomerFactory(store=self.store, name=f"{self.mark}客户")

    @cached_property
    def vehicle(self):
        return VehicleFactory(store=self.store, owner=self.customer)

    @cached_property
    def order(self):
        return self._order(OrderState.OPEN)

    @cached_property
    def settled_order(self):
        return self._order(OrderState.SETTLED)

    @cached_property
    def delivered_order(self):
        return self._order(OrderState.DELIVERED)

    def order_of(self, advisor: Staff):
        """An open order of this advisor's own."""
        return self.of("order", advisor, lambda: self._order(OrderState.OPEN, advisor))

    def _order(self, state, advisor=None):
        number = f"{self.mark}-{state}-{advisor.pk if advisor else 0}"
        return RepairOrderFactory(
            store=self.store,
            vehicle=VehicleFactory(store=self.store, owner=self.customer),
            advisor=advisor or self.people.advisor,
            state=state,
            number=number,
            symptoms=f"{self.mark}症状",
        )

    @cached_property
    def suggestion(self):
        return SuggestionFactory(vehicle=self.vehicle, order=self.order, name=f"{self.mark}更换轮胎")

    @cached_property
    def late_order(self):
        order = self._order(OrderState.DELIVERED, self.people.second_advisor)
        order.delay_cause, order.delay_note = DelayCause.CUSTOMER, f"{self.mark}客户晚到"
        order.save(update_fields=["delay_cause", "delay_note"])
        return order

    @cached_property
    def photo(self):
        return OrderPhotoFactory(order=self.order, note=f"{self.mark}照片")

    @cached_property
    def signature(self):
        return SignatureFactory(order=self.order, signer=f"{self.mark}客户")

    @cached_property
    def appointment(self):
        """A car that is expected on the morning after."""
        return AppointmentFactory(
            store=self.store, vehicle=self.vehicle, number=f"YY{self.mark}", contact_name=f"{self.mark}预约客户"
        )

    @cached_property
    def receipt(self):
        return ReceiptFactory(order=self.settled_order, number=f"R{self.mark}")

    @cached_property
    def receivable(self):
        return self.settled_order.receivables.first()

    @cached_property
    def agreement(self):
        return AgreementFactory(store=self.store, customer=self.customer, number=f"{self.mark}-XY",
                                name=f"{self.mark}协议", approver=self.people.director)  # fmt: skip

    @cached_property
    def draft_agreement(self):
        return AgreementFactory(store=self.store, customer=self.customer, number=f"{self.mark}-XY2", state="draft",
                                name=f"{self.mark}草稿", made_by=self.people.advisor)  # fmt: skip

    @cached_property
    def segment(self):
        return SegmentFactory(store=self.store, name=f"{self.mark}分类")

    @cached_property
    def membership(self):
        return MembershipTermsFactory(store=self.store)

    @cached_property
    def second_customer(self):
        return CustomerFactory(store=self.store, name=f"{self.mark}双份")

    @cached_property
    def second_vehicle(self):
        return VehicleFactory(store=self.store, owner=self.second_customer)

    @cached_property
    def driver(self):
        return VehicleDriver.objects.create(vehicle=self.vehicle, name=f"{self.mark}司机", phone="+8613812345678")

    @cached_property
    def flaw(self):
        CustomerFactory(store=self.store, name="无", phone="")
        find_flaws(at=AT)
        return Flaw.objects.open().filter(store=self.store, kind=FlawKind.NAME_MISSING).first()

    # ── Workshop ──
    @cached_property
    def inspected_order(self):
        return JobFactory(order=self._order(OrderState.INSPECTION), state=JobState.FINISHED, team=self.people.mechanics,
                          technician=self.people.technician).order  # fmt: skip

    @cached_property
    def comeback(self):
        return ComebackFactory(original=self.delivered_order, vehicle=self.delivered_order.vehicle, store=self.store,
                               advisor=self.people.advisor, number=f"{self.mark}-comeback")  # fmt: skip

    @cached_property
    def bay(self):
        return BayFactory(store=self.store, name=f"{self.mark}工位")

    @cached_property
    def clock(self):
        return ClockEntryFactory(job=self.inspected_order.jobs.get(), started_at=AT - timedelta(hours=2), ended_at=AT,
                                 technician=self.people.second_technician, was_forgotten=True)  # fmt: skip

    @cached_property
    def finding_photo(self):
        return OrderPhotoFactory(order=self.order, add_on=AddOnFactory(order=self.order))

    @cached_property
    def defect_photo(self):
        failed = InspectionFactory(order=self.inspected_order, inspected_by=self.people.inspector, result="failed",
                                   defects=f"{self.mark}渗油")  # fmt: skip
        return DefectPhoto.objects.create(inspection=failed, file=StoredFileFactory(store=self.store, brought_at=AT))

    @cached_property
    def part(self):
        return PartFactory(store=self.store, name=f"{self.mark}滤清器")

    @cached_property
    def operation(self):
        return OperationFactory(store=self.store, name=f"{self.mark}项目")

    @cached_property
    def tool(self):
        return ToolFactory(store=self.store, name=f"{self.mark}扳手")

    @cached_property
    def attendance(self):
        return Attendance.objects.create(staff=self.people.technician, day=AT.date(), came_at=AT)

    @cached_property
    def consumable(self):
        return ConsumableIssueFactory(team=self.people.mechanics, name=f"{self.mark}砂纸")

    @cached_property
    def deduction(self):
        return HourDeductionFactory(staff=self.people.technician, number=f"KG{self.mark}")

    def job_of(self, technician: Staff):
        def make():
            order = RepairOrderFactory(
                store=self.store, vehicle=self.vehicle, advisor=self.people.advisor, state=OrderState.DISPATCHED,
                number=f"{self.mark}-job-{technician.pk}", symptoms=f"{self.mark}症状",
            )  # fmt: skip
            return JobFactory(order=order, state=JobState.ASSIGNED, team=self.people.mechanics, technician=technician)

        return self.of("job", technician, make)

    # ── Satisfaction, callback ──
    @cached_property
    def response(self):
        install_questionnaires(by=None, at=AT)
        return satisfaction.response(self.people, {"SA1": 1} if _knows("SA1") else None, order=self.delivered_order)

    @cached_property
    def flag(self):
        answer = self.response.answers.first()
        return Flag.objects.get_or_create(answer=answer, defaults={"store": self.store, "raised_at": AT})[0]

    @cached_property
    def message(self):
        message = MessageFactory(store=self.store, text=f"【{self.mark}】请回电", due_at=AT)
        AnswerFactory(store=self.store, message=message, text=f"{self.mark}，收到")
        return message

    @cached_property
    def rule(self):
        return shipped_rule(self.store)

    @cached_property
    def handover(self):
        car = VehicleFactory(store=self.store, owner=CustomerFactory(store=self.store, name=f"{self.mark}车主"))
        return Handover.objects.create(
            store=self.store, vehicle=car, customer=car.owner, handed_over_at=AT, noted_at=AT,
            salesperson=f"{self.mark}顾问",
        )  # fmt: skip

    @cached_property
    def task(self):
        return CallTaskFactory(order=self.delivered_order)

    @cached_property
    def campaign(self):
        return Campaign.objects.create(
            store=self.store, name=f"{self.mark}活动", occasion=Occasion.SEASON, words=f"{self.mark}免费检测", goal=5,
            first_day=AT.date(), last_day=AT.date(), made_at=AT,
        )  # fmt: skip

    @cached_property
    def campaign_member(self):
        return self.campaign.members.create(customer=self.customer)

    @cached_property
    def lead(self):
        return Lead.objects.create(
            store=self.store, name=f"{self.mark}来客", source=VisitSource.WALK_IN, level=LeadLevel.H,
            next_contact_on=AT.date(), entered_at=AT,
        )  # fmt: skip

    @cached_property
    def work_log(self):
        return WorkLog.objects.create(
            store=self.store, agent=self.people.agent, day=AT.date(), also_done=f"{self.mark}日志", kept_at=AT
        )

    @cached_property
    def referral(self):
        return ReferralFactory(task=self.task, person=self.people.workshop, question=f"{self.mark}想问什么时候到货")

    @cached_property
    def contact(self):
        return ContactFactory(
            store=self.store, customer=self.customer, agent=self.people.agent, outcome=Outcome.COMPLETED
        )

    # ── Appraisal ──
    @cached_property
    def card_version(self):
        """Every role enters a line, so that everybody who may look at sheets may look at this card's."""
        card = Scorecard.objects.create(store=self.store, code="stage", name=f"{self.mark}考核表", posts=["cashier"])
        version = ScorecardVersion.objects.create(card=card, number=1, starts_period="2026-01", created_at=AT)
        roles = [role for role in Role if Permission.SHEET_ENTER in PERMISSIONS[role]]
        for place, role in enumerate(roles):
            version.indicators.create(
                place=place, section="管理", name=role.value, points=20, role=role, scale=ScaleKind.GIVEN
            )
        version.state, version.adopted_at = VersionState.ADOPTED, AT
        version.save()
        return version

    @cached_property
    def card_draft(self):
        return draft_card(card=self.card_version.card, starts=Period(2026, 12), by=self.people.manager, at=AT)

    @cached_property
    def card_item(self):
        return self.card_draft.indicators.first()

    def sheet_of(self, person: Staff, period: str = MONTH, **fields) -> Sheet:
        sheet = Sheet.objects.create(
            store=self.store, staff=person, period=period, version_of_card=self.card_version, opened_at=AT,
            counted_at=AT, **fields,
        )  # fmt: skip
        SheetLine.objects.bulk_create(
            SheetLine(sheet=sheet, indicator=indicator) for indicator in self.card_version.indicators.all()
        )
        return sheet

    @cached_property
    def sheet(self):
        return self.sheet_of(self.people.second_advisor, state=SheetState.ENTRY)

    @cached_property
    def sheet_line(self):
        return self.sheet.lines.first()

    @cached_property
    def sheet_appeal(self):
        sheet = self.sheet_of(
            self.people.second_technician, state=SheetState.FINAL, points=90, reviewed_by=self.people.director,
            reviewed_at=AT,
        )  # fmt: skip
        return SheetAppeal.objects.create(
            sheet=sheet, staff=sheet.staff, reviewed_by=sheet.reviewed_by, text=f"{self.mark}不认可", appealed_at=AT,
            score_before=90,
        )  # fmt: skip

    # ── Site checks, training, stars ──
    @cached_property
    def site_list(self):
        return actions_of_site.keep_site_list(
            store=self.store, name=f"{self.mark}检查表", area=Area.WORKSHOP, kind=CheckKind.FIVE_S, at=AT,
            items=[ItemDraft(f"{self.mark}地面无油污", 10)], answers=self.people.workshop, by=self.people.manager,
        )  # fmt: skip

    @cached_property
    def site_plan(self):
        return actions_of_site.plan_rounds(
            site_list=self.site_list, checker=self.people.frontdesk, rhythm=Rhythm.DAILY, starts_on=AT.date(),
            by=self.people.manager, at=AT,
        )  # fmt: skip

    @cached_property
    def site_round(self):
        return SiteRound.objects.create(
            store=self.store, list=self.site_list, planned_on=AT.date(), checker=self.people.inspector
        )

    @cached_property
    def site_finding(self):
        known = self.site_list
        walk = actions_of_site.begin_round(site_list=known, by=self.people.manager, at=AT)
        actions_of_site.note_result(
            walk=walk, item=known.items.get(), verdict=Verdict.WRONG, what=f"{self.mark}地面有油污", at=AT,
            by=self.people.manager,
        )  # fmt: skip
        actions_of_site.finish_round(walk=walk, by=self.people.manager, at=AT)
        return SiteFinding.objects.get(store=self.store)

    @cached_property
    def site_photo(self):
        file = StoredFileFactory(store=self.store, brought_at=AT)
        return SitePhoto.objects.create(result=self.site_finding.result, file=file, taken_by=self.people.manager)

    @cached_property
    def training(self):
        return plan_training(
            store=self.store, title=f"{self.mark}培训", kind=TrainingKind.SERVICE, starts_at=AT, hours=Decimal(1),
            trainer=f"{self.mark}讲师", people=[self.people.advisor, self.people.agent], by=self.people.manager, at=AT,
        )  # fmt: skip

    @cached_property
    def star(self):
        return Star.objects.create(
            store=self.store, kind="month", period=MONTH, trade="advisor", staff=self.people.advisor,
            reason=f"{self.mark}表扬", was_proposed=True, chosen_by=self.people.manager, chosen_at=AT,
        )  # fmt: skip

    # ── Pay ──
    @cached_property
    def plan_version(self):
        return install_plan(store=self.store, at=AT).versions.order_by("number").last()

    @cached_property
    def plan_draft(self):
        return draft_plan(source=self.plan_version, name=f"{self.mark}方案", by=self.people.finance, at=AT)

    @cached_property
    def computation(self):
        return Computation.objects.create(store=self.store, period=MONTH, asked_by=self.people.finance, asked_at=AT,
                                          claimed_at=AT)  # fmt: skip

    @cached_property
    def dry_run(self):
        months = {"first_period": MONTH, "last_period": MONTH, "revision": self.plan_draft.revision}
        dry_run = DryRun.objects.create(version=self.plan_draft, state="made", asked_at=AT, made_at=AT, **months)
        dry_run.lines.create(period=MONTH, staff=self.people.advisor, item="C", before_amount=1, after_amount=2)
        return dry_run

    @cached_property
    def run(self):
        figure = {"key": "output", "name": "产值", "explanation": EXPLANATION}
        return Run.objects.create(
            store=self.store,
            period=MONTH,
            plan_version=self.plan_version,
            computed_at=AT,
            figures={"pool": [figure]},
            state="reviewed",
            reviewed_by=self.people.manager,
            reviewed_at=AT,
        )

    @cached_property
    def adjustment(self):
        return Adjustment.objects.create(
            store=self.store, period=MONTH, staff=self.people.technician, amount=Decimal(10), reason=f"{self.mark}奖励",
            entered_by=self.people.finance, entered_at=AT,
        )  # fmt: skip

    @cached_property
    def incentive(self):
        return Incentive.objects.create(
            store=self.store, staff=self.people.technician, kind="daily", day=AT.date(), amount=Decimal(10),
            reason=f"{self.mark}表扬", entered_by=self.people.finance, entered_at=AT,
        )  # fmt: skip

    @cached_property
    def coefficient_change(self):
        return CoefficientChange.objects.create(
            store=self.store, staff=self.people.technician, team=self.people.mechanics, starts_on=AT.date(),
            ends_on=AT.date(), coefficient=Decimal("1.2"), reason=f"{self.mark}带徒", asked_by=self.people.workshop,
            asked_at=AT,
        )  # fmt: skip

    # ── Ground floor ──
    @cached_property
    def import_run(self):
        return ImportRun.objects.create(
            store=self.store, file_name=f"{self.mark}.xlsx", content=written({"班组": [["班组名称"], [self.mark]]}),
            content_hash="0",
            brought_by=self.people.manager, brought_at=AT, state="refused",
        )  # fmt: skip

    @cached_property
    def import_source(self):
        return ImportSource.objects.create(
            store=self.store, name=f"{self.mark}DMS", changed_by=self.people.manager, changed_at=AT
        )

    @cached_property
    def calendar_day(self):
        return set_day(
            day=date(2026, 10, 2), store=self.store, is_working=True, name=f"{self.mark}值班", by=None, at=AT
        )


def _knows(code: str) -> bool:
    return Question.objects.filter(code=code).exists()


# ── Kinds: how to get one of each, for a person ──────────────────────────────────────────────────────────────────────
def _notice(stage, person):
    return stage.of("notice", person, lambda: Notice.objects.create(
        recipient=person, key="matrix", text=f"{stage.mark}通知", url="/", at=AT
    ))  # fmt: skip


def _complaint(stage, person):
    """A complaint this person answers for, decided and waiting for its remedy."""
    return stage.of("complaint", person, lambda: ComplaintFactory(
        store=stage.store, customer=stage.customer, owner=person, state=ComplaintState.DECIDED,
        number=f"TS{stage.mark}{person.pk}", description=f"{stage.mark}等了三个小时",
        deadline_at=AT + timedelta(days=1),
    ))  # fmt: skip


def _judged(stage, person):
    """A complaint that was judged to be this person's fault."""

    def make():
        complaint = ComplaintFactory(
            store=stage.store,
            customer=stage.customer,
            owner=person,
            state=ComplaintState.CLOSED,
            severity=Severity.MAJOR,
            number=f"TJ{stage.mark}{person.pk}",
            description=f"{stage.mark}刹车失灵",
            closed_at=AT,
            is_verified=True,
            verified_at=AT,
            verified_by=stage.people.manager,
        )
        complaint.responsibilities.create(staff=person)
        return complaint

    return stage.of("judged", person, make)  # fmt: skip


def _appeal(stage, person):
    """This person's appeal, not decided yet."""
    owner = stage.colleague_of(person)
    return stage.of("appeal", owner, lambda: Appeal.objects.create(
        complaint=_judged(stage, owner), staff=owner, judged_at=AT, judged_by=stage.people.finance, share=1,
        text=f"{stage.mark}不认可", appealed_at=AT,
    ))  # fmt: skip


def _goodwill(stage, person):
    return stage.of("goodwill", stage.people.agent, lambda: Goodwill.objects.create(
        complaint=_complaint(stage, stage.people.agent), kind=GoodwillKind.VOUCHER, amount=50,
        reason=f"{stage.mark}补偿", requested_by=stage.people.agent, requested_at=AT,
    ))  # fmt: skip


def _knowledge(stage, person):
    return stage.of("knowledge", stage.people.crc, lambda: write_knowledge(
        store=stage.store, category=Category.SKILL, phenomenon=f"{stage.mark}空调不制冷", remedy="检漏",
        by=stage.people.crc, at=AT,
    ))  # fmt: skip


def _incident(stage, person):
    return stage.of("incident", stage.people.crc, lambda: IncidentReport.objects.create(
        complaint=_judged(stage, stage.people.crc), number=1, course=f"{stage.mark}经过", cause="", measures="",
        lessons="", written_by=stage.people.crc, written_at=AT,
    ))  # fmt: skip


def _evidence(stage, person):
    """A picture of the matter the person answers for."""
    return stage.of("evidence", person, lambda: Evidence.objects.create(
        complaint=_complaint(stage, person), note=f"{stage.mark}照片", added_by=person, added_at=AT,
        file=StoredFileFactory(store=stage.store, brought_by=person, brought_at=AT),
    ))  # fmt: skip


def _improvement(stage, person):
    return stage.of("improvement", person, lambda: ImprovementPlan.objects.create(
        store=stage.store, period=MONTH, factor_code=f"F{person.pk}", factor_name="接待", cause=f"{stage.mark}原因",
        measure="培训", owner=person, due_on=date(2026, 11, 5), created_by=stage.people.crc, created_at=AT,
    ))  # fmt: skip


def _flag(stage, person):
    """A bad answer this person was asked to deal with, each of them another one of the same customer."""
    return stage.of("flag", person, lambda: Flag.objects.create(
        answer=stage.response.answers.filter(flag=None).first(), store=stage.store, raised_at=AT,
        owner=stage.colleague_of(person),
    ))  # fmt: skip


def _statement(stage, person):
    return stage.of("statement", person, lambda: Statement.objects.create(
        run=stage.run, staff=person, gross_amount=0, net_amount=0
    ))  # fmt: skip


def _line_of_statement(stage, person):
    slip = _statement(stage, person)
    return stage.of("line", person, lambda: StatementLine.objects.create(
        run=stage.run, statement=slip, position=person.pk, item="A", name="产值提成", amount=0, explanation=EXPLANATION
    ))  # fmt: skip


def _dispute(stage, person):
    line = _line_of_statement(stage, person)
    return stage.of("pay_dispute", person, lambda: Dispute.objects.create(
        run=stage.run, staff=person, line=line, item="A", name="产值提成", amount=0, text=f"{stage.mark}异议",
        raised_at=AT,
    ))  # fmt: skip


def _pay_appeal(stage, person):
    """Of the technician: nobody reads the votes on an appeal of their own."""
    return stage.of("pay_appeal", stage.people.technician, lambda: PayAppeal.objects.create(
        statement=_statement(stage, stage.people.technician), staff=stage.people.technician, text=f"{stage.mark}申诉",
        appealed_at=AT, decide_by=AT.date(),
    ))  # fmt: skip


def _pay_slip(stage, person):
    parts = ("base", "position", "skill", "allowance", "commission", "reward", "other", "total")
    return stage.of("pay_slip", person, lambda: PaySlip.objects.create(
        run=stage.run, staff=person, **{f"{part}_amount": 0 for part in parts}
    ))  # fmt: skip


def _pay_line(stage, person):
    slip = _pay_slip(stage, person)
    return stage.of("pay_line", person, lambda: PayLine.objects.create(
        run=stage.run, slip=slip, position=person.pk, kind="base", amount=0, explanation=EXPLANATION
    ))  # fmt: skip


def _own_sheet(stage, person):
    # One sheet a person and month: what the other store's stage shows of them is of another month.
    period = MONTH if person.store_id == stage.store.pk else "2026-08"
    return stage.of("own_sheet", person, lambda: stage.sheet_of(person, period))


def _target(stage, person):
    return stage.of("target", person, lambda: Target.objects.create(
        store=stage.store, period="2026-11", measure=Measure.values[0], staff=person, goal=1, set_at=AT
    ))  # fmt: skip


def _meeting(stage, person):
    return GoalMeeting.objects.get_or_create(
        store=stage.store, period=MONTH, defaults={"opened_by": person, "opened_at": AT, "figures_at": AT}
    )[0]


def _goal_line(stage, person):
    """What this person took on in a meeting, each of them in another one."""

    def agreed():
        meeting = GoalMeeting.objects.create(
            store=stage.store, period=f"{2000 + person.pk % 900}-01", opened_by=person, opened_at=AT, figures_at=AT,
            held_by=person, held_at=AT,
        )  # fmt: skip
        return GoalLine.objects.create(
            meeting=meeting, measure=Measure.OUTPUT, goal=1, remedy=stage.mark, owner=person, due_on=AT.date()
        )

    return stage.of("goal_line", person, agreed)


def _kept_report(stage, person):
    """A kept report of a kind the person may read."""
    readable = [report.code for report in reports_for(person)] or ["commission"]
    code = readable[0]
    return stage.of(f"kept {code}", stage.people.manager, lambda: KeptReport.objects.create(
        code=code, store=stage.store, period=MONTH, edition="matrix", state=ReportState.MADE, owed_at=AT, inputs_at=AT,
        made_at=AT, content=b"PK", file_name=f"{stage.mark}.xlsx",
    ))  # fmt: skip


def _export(stage, person):
    """A list this person has taken out."""
    return stage.of("export", person, lambda: Export.objects.create(
        code="customers", made_by=person, ordered_at=AT, made_at=AT, state=ReportState.MADE, content=b"PK",
        file_name=f"{stage.mark}.xlsx",
    ))  # fmt: skip


def _order(stage, person):
    """An order this person may write: their own, when the role writes only its own."""
    writes_own_only = person.can(Permission.ORDER_CHANGE) and not person.can(Permission.ORDER_CHANGE_ANY)
    return stage.order_of(person) if writes_own_only else stage.order


def _add_on(stage, person):
    """An add-on nobody answered, on an order this person may write."""
    order = _order(stage, person)
    return stage.of(f"add_on {order.pk}", stage.people.advisor, lambda: AddOnFactory(
        order=order, reason=f"{stage.mark}刹车片磨损", proposed_at=AT
    ))  # fmt: skip


def _change(stage, person):
    """A change this person asked for (or, from elsewhere, their like), of a customer of its own."""
    asker = stage.colleague_of(person)

    def make():
        customer = CustomerFactory(store=stage.store, name=f"{stage.mark}改名")
        return ChangeRequest.objects.create(
            store=stage.store, customer=customer, field=ArchiveField.NAME, before=customer.name, after="新名",
            reason=f"{stage.mark}原因", asked_by=asker, asked_at=AT,
        )  # fmt: skip

    return stage.of("change", asker, make)


def _question(stage: Stage, person: Staff) -> Referral:
    """A question this person is asked; who is not asked is shown none."""
    asked = stage.colleague_of(person)
    return stage.of(
        "question", asked, lambda: ReferralFactory(task=stage.task, person=asked, question=f"{stage.mark}问")
    )


def _service_request(stage: Stage, person: Staff) -> ServiceRequest:
    """A request this person answers; who may not see all is shown no other."""
    asked = stage.colleague_of(person)
    return stage.of(
        "service_request", asked,
        lambda: ServiceRequestFactory(
            store=stage.store, customer=stage.customer, person=asked, description=f"{stage.mark}想订配件",
            caller_phone="+8613812345678",
        ),
    )  # fmt: skip


def _judged_call(stage: Stage, person: Staff) -> Contact:
    """A judged call of this person's own."""
    agent = stage.colleague_of(person)

    def make():
        contact = ContactFactory(task=stage.task, agent=agent, note=f"{stage.mark}通话")
        marks = dict.fromkeys(QualityPoint.values, 8)
        judge = stage.people.director
        return score_call(contact=contact, marks=marks, by=judge, at=AT).contact

    return stage.of("judged_call", agent, make)


KINDS: dict[str, Callable] = {
    "question": _question,
    "service_request": _service_request,
    "judged_call": _judged_call,
    "change": _change,
    "add_on": _add_on,
    "notice": _notice,
    "complaint": _complaint,
    "evidence": _evidence,
    "judged": _judged,
    "appeal": _appeal,
    "goodwill": _goodwill,
    "knowledge": _knowledge,
    "incident": _incident,
    "budget": lambda stage, person: GoodwillBudget.objects.get_or_create(
        store=stage.store, period=MONTH, defaults={"amount": 1000}
    )[0],
    "improvement": _improvement,
    "flag": _flag,
    "statement": _statement,
    "line": _line_of_statement,
    "pay_dispute": _dispute,
    "pay_appeal": _pay_appeal,
    "pay_slip": _pay_slip,
    "pay_line": _pay_line,
    "own_sheet": _own_sheet,
    "own_sheet_line": lambda stage, person: _own_sheet(stage, person).lines.first(),
    "target": _target,
    "meeting": _meeting,
    "goal_line": _goal_line,
    "kept": _kept_report,
    "export": _export,
    "order": _order,
    "job": lambda stage, person: stage.job_of(person),
    "labour": lambda stage, person: stage.order.lines.filter(kind=LineKind.LABOUR).first(),
    "phone": lambda stage, person: stage.customer.phones.first(),
    "settlement": lambda stage, person: stage.settled_order.settlements.first(),
    "person": lambda stage, person: stage.people.second_advisor,
    "store": lambda stage, person: stage.store,
    "team": lambda stage, person: stage.people.mechanics,
    "technician": lambda stage, person: stage.people.technician,
}


def one(kind: str) -> Callable:
    """The primary key of one object of a kind: of `KINDS`, or an attribute of `Stage`."""

    def arguments(stage: Stage, person: Staff) -> dict:
        make = KINDS.get(kind)
        return {"pk": (make(stage, person) if make else getattr(stage, kind)).pk}

    return arguments


@dataclass(frozen=True)
class Recipe:
    """How to get the arguments of an address. `is_personal`: nobody else's, not even for people who see every store.
    `is_shared`: the argument names no store's object (a day, a figure), so there is no other store's."""

    arguments: Callable
    is_personal: bool = False
    is_shared: bool = False


def _report(period: str, **more) -> Recipe:
    return Recipe(lambda stage, person: {"store_code": stage.store.code, "period": period, **more})


_DAY = Recipe(lambda stage, person: {"year": 2026, "month": 10, "day": 2}, is_shared=True)
_FIGURE = Recipe(lambda stage, person: {"code": "callback.tries"}, is_shared=True)


def _named(kind: str, *names: str) -> dict[str, Recipe]:
    return dict.fromkeys(names, Recipe(one(kind)))


def _add_on_of_order(stage, person) -> dict:
    add_on = _add_on(stage, person)
    return {"pk": add_on.order_id, "number": add_on.number}


def _walked_round(stage, person) -> dict:
    """An order this person may write, whose sheet is filled in."""
    order = _order(stage, person)
    WalkRound.objects.get_or_create(
        order=order, defaults={"is_unmarked": True, "note": f"{stage.mark}环车", "walked_at": order.arrived_at}
    )
    return {"pk": order.pk}


# Report → what it is asked for: a month, a week or a quarter.
_REPORTS = {
    **dict.fromkeys(
        [
            "appraisal",
            "site_checks",
            "commission",
            "pay",
            "kpi",
            "goal_meeting",
            "csi",
            "csi_analysis",
            "complaints",
            "receivables",
            "workshop",
            "call_programme",
            "customer_relations",
            "service_calls",
            "sales_calls",
            "service_requests",
            "sales_record",
            "service_record",
            "complaint_sheets",
            "incident_reports",
        ],
        MONTH,
    ),
    "weekly_factors": "2026-W42",
    "target_review": "2026-Q4",
    "daily_calls": "2026-10-15",
}

RECIPES: dict[str, Recipe] = {
    **_named("order", "reception:add_on_new", "reception:suggestion_new", "repair-order-add-ons"),
    **_named("add_on", "reception:add_on_edit", "reception:add_on_agree", "reception:add_on_decline",
             "reception:add_on_withdraw", "reception:add_on_suggest", "reception:add_on_sign"),
    **dict.fromkeys(["repair-order-add-on", "repair-order-answer-add-on", "repair-order-withdraw-add-on"],
                    Recipe(_add_on_of_order)),
    **_named("order", "repair-order-photos", "repair-order-signatures"),
    "repair-order-walk-round": Recipe(_walked_round),
    "repair-order-photo": Recipe(lambda stage, person: {"pk": stage.photo.order_id, "number": stage.photo.pk}),
    "repair-order-signature-picture": Recipe(
        lambda stage, person: {"pk": stage.signature.order_id, "number": stage.signature.pk}
    ),
    "reception:line_shares": Recipe(lambda stage, person: {"pk": _order(stage, person).pk, "number": 1}),
    **_named("vehicle", "reception:vehicle_suggestion_new"),
    **_named("suggestion", "reception:suggestion_edit", "reception:suggestion_done", "reception:suggestion_decline",
             "reception:suggestion_reopen", "suggestion-detail", "suggestion-take-up", "suggestion-done",
             "suggestion-decline", "suggestion-reopen"),
    "reception:suggestion_take_up": Recipe(
        lambda stage, person: {"pk": stage.suggestion.pk, "order": _order(stage, person).pk}
    ),
    **_named("late_order", "reception:delay_check"),
    "workshop:measure_rows": Recipe(lambda stage, person: {"count": "jobs"}, is_shared=True),
    "notices:open": Recipe(one("notice"), is_personal=True),
    # Reception
    **_named(
        "order", "reception:order", "reception:order_print", "reception:estimate_print", "reception:suggestions_print",
        "reception:delivery_print", "reception:order_release", "reception:order_edit", "reception:order_lines",
        "reception:order_check_in", "reception:order_promise", "reception:order_reassign", "reception:order_wait",
        "reception:order_resume", "reception:order_cancel", "reception:order_assessment", "reception:order_settle",
        "reception:order_deliver", "reception:order_delivered", "reception:order_sticker",
        "reception:order_walk_round", "reception:order_photos", "reception:receipt_new",
        "workshop:dispatch_order", "workshop:order_jobs",
        "satisfaction:invite", "satisfaction:invite_code", "satisfaction:invite_text", "satisfaction:tablet",
        "repair-order-detail", "repair-order-assessment",
        "repair-order-cancel", "repair-order-check-in", "repair-order-deliver", "repair-order-lines",
        "repair-order-promises", "repair-order-reassign", "repair-order-resume", "repair-order-settle",
        "repair-order-wait", "repair-order-work-dispatch-work", "repair-order-work-finish",
        "repair-order-work-inspect", "repair-order-work-start",
    ),
    "repair-order-change-line": Recipe(lambda stage, person: {"pk": _order(stage, person).pk, "number": 1}),
    "reception:order_sign": Recipe(lambda stage, person: {"pk": _order(stage, person).pk, "paper": "order"}),
    **_named("photo", "reception:photo", "reception:photo_small", "reception:photo_remove"),
    **_named("signature", "reception:signature", "reception:signature_image"),
    **_named("customer", "reception:customer", "reception:customer_edit", "reception:phone_new", "callback:customer",
             "customer-detail", "customer-phones"),
    "customer-reveal-phone": Recipe(
        lambda stage, person: {"pk": stage.customer.pk, "phone": stage.customer.phones.first().pk}
    ),
    **_named("customer", "reception:customer_doubles", "reception:customer_erase", "customer-erase"),
    **_named("vehicle", "reception:vehicle_doubles", "reception:driver_new"),
    "reception:customer_merge": Recipe(
        lambda stage, person: {"pk": stage.customer.pk, "other": stage.second_customer.pk}
    ),
    "reception:vehicle_merge": Recipe(
        lambda stage, person: {"pk": stage.vehicle.pk, "other": stage.second_vehicle.pk}
    ),
    "customer-change-phone": Recipe(
        lambda stage, person: {"pk": stage.customer.pk, "phone": stage.customer.phones.first().pk}
    ),
    **_named("driver", "reception:driver_remove", "reception:driver_reveal"),
    **_named("change", "reception:change_accept", "reception:change_reject", "reception:change_withdraw",
             "reception:change_reveal"),
    **_named("flaw", "reception:flaw_mend", "reception:flaw_accept"),
    **_named("phone", "reception:phone_edit", "reception:phone_primary", "reception:phone_remove",
             "reception:phone_reveal"),
    **_named("vehicle", "reception:vehicle", "reception:vehicle_edit", "vehicle-detail"),
    **_named("settlement", "reception:settlement", "reception:settlement_print", "reception:settlement_reversal",
             "reception:settlement_reverse", "reception:settlement_decline", "settlement-detail",
             "settlement-decline-reversal", "settlement-request-reversal", "settlement-reverse"),
    **_named("receipt", "reception:receipt_refund", "reception:receipt_print", "receipt-detail", "receipt-refund"),
    **_named("receivable", "reception:pay_back", "receivable-detail", "receivable-pay-back"),
    **_named("appointment", "reception:appointment", "reception:appointment_change", "reception:appointment_move",
             "reception:appointment_confirm", "reception:appointment_cancel", "reception:appointment_miss",
             "appointment-detail", "appointment-confirm", "appointment-reschedule", "appointment-cancel",
             "appointment-miss", "appointment-arrive"),
    **_named("customer", "reception:customer_appointments"),
    **_named("vehicle", "reception:vehicle_appointments"),
    **_named("order", "reception:order_terms", "reception:order_findings", "reception:order_favour",
             "reception:order_evidence", "reception:order_story", "reception:order_costs",
             "reception:order_costs_save", "repair-order-costs"),
    **_named("part", "reception:part", "part-detail"),
    **_named("customer", "reception:customer_value", "reception:customer_story"),
    **_named("customer", "reception:agreement_new", "reception:points", "reception:points_spend",
             "reception:points_correct"),
    **_named("segment", "reception:segment", "reception:segment_edit", "reception:segment_delete",
             "reception:segment_export"),
    **_named("agreement", "reception:agreement", "reception:agreement_end", "reception:agreement_renew",
             "agreement-detail"),
    **_named("draft_agreement", "reception:agreement_edit", "reception:agreement_discard",
             "reception:agreement_approve"),
    **_named("membership", "reception:membership_withdraw"),
    # Workshop
    **_named("job", "workshop:job", "workshop:job_join", "workshop:job_leave", "workshop:finding_new", "job-join",
             "job-leave", "job-split"),
    **_named("clock", "workshop:clock_correct"),
    **_named("finding_photo", "workshop:finding_photo"),
    **_named("defect_photo", "workshop:defect_photo"),
    **_named("job", "workshop:job_reassign", "workshop:job_cancel", "workshop:job_finish_for", "workshop:job_start",
             "workshop:job_pause", "workshop:job_resume", "workshop:job_finish", "job-detail", "job-start", "job-pause",
             "job-resume", "job-finish"),
    **_named("labour", "workshop:line_split"),
    **_named("inspected_order", "workshop:team_check", "workshop:inspection"),
    **_named("comeback", "workshop:comeback", "workshop:comeback_effect"),
    **_named("bay", "workshop:bay"),
    **_named("operation", "workshop:operation", "operation-detail"),
    **_named("tool", "workshop:tool", "workshop:tool_change", "workshop:tool_report"),
    **_named("team", "workshop:team_skills"),
    **_named("attendance", "workshop:attendance_correct", "workshop:attendance_strike"),
    **_named("technician", "workshop:attendance_new"),
    **_named("consumable", "consumable-detail", "workshop:consumable_take_back"),
    **_named("deduction", "workshop:deduction_approve", "workshop:deduction_decline"),
    # Satisfaction
    **_named("response", "satisfaction:response", "response-detail"),
    **dict.fromkeys(["satisfaction:questionnaire", "satisfaction:questionnaire_draft"],
                    Recipe(lambda stage, person: {"pk": _draft_of(stage).questionnaire_id}, is_shared=True)),
    **dict.fromkeys(["satisfaction:version", "satisfaction:version_edit", "satisfaction:version_wordings",
                     "satisfaction:version_preview", "satisfaction:version_publish", "satisfaction:version_discard"],
                    Recipe(lambda stage, person: {"pk": _draft_of(stage).pk}, is_shared=True)),
    "satisfaction:version_changes": Recipe(
        lambda stage, person: {"pk": _draft_of(stage).pk, "number": 1}, is_shared=True
    ),
    "satisfaction:response_new": Recipe(lambda stage, person: {"code": "sales-ssi"}, is_shared=True),
    **_named("flag", "satisfaction:flag", "satisfaction:flag_deal", "satisfaction:flag_assign"),
    **_named("improvement", "satisfaction:plan", "satisfaction:plan_begin", "satisfaction:plan_done",
             "satisfaction:plan_owner", "satisfaction:plan_days", "satisfaction:plan_close",
             "improvement-plan-detail"),
    "satisfaction:blueprint_orders": Recipe(lambda stage, person: {"code": "greeting"}, is_shared=True),
    "satisfaction:plan_new": Recipe(lambda stage, person: {"period": MONTH, "code": _factor(stage)}, is_shared=True),
    "satisfaction:survey": Recipe(
        lambda stage, person: {"token": survey_path(stage.delivered_order).rstrip("/").rpartition("/")[2]}
    ),
    # Complaints
    **_named("complaint", "complaints:complaint", "complaints:reply", "complaints:advise", "complaints:decide",
             "complaints:remedy", "complaints:check", "complaints:ask", "complaints:close", "complaints:pause",
             "complaints:resume", "complaints:verify", "complaints:amend", "complaints:caller_phone",
             "complaints:evidence_add", "complaints:arrange", "complaints:kept", "complaint-amend",
             "complaint-arrange", "complaint-kept", "complaint-add-evidence", "complaint-detail", "complaint-advise",
             "complaint-ask", "complaint-check", "complaint-close", "complaint-decide", "complaint-pause",
             "complaint-remedy", "complaint-reply", "complaint-resume", "complaint-verify"),
    **_named("judged", "complaints:appeal", "complaints:goodwill_new", "complaints:knowledge_draft",
             "complaints:incident", "complaints:incident_print", "complaints:case_print", "complaints:file_case"),
    **_named("appeal", "complaints:appeal_decide", "complaint-appeal-detail", "complaint-appeal-decide"),
    **_named("goodwill", "complaints:goodwill_approve", "complaints:goodwill_decline", "complaints:goodwill_reverse",
             "goodwill-detail", "goodwill-approve", "goodwill-decline", "goodwill-reverse"),
    **_named("budget", "goodwill-budget-detail"),
    **_named("knowledge", "complaints:knowledge_entry", "complaints:knowledge_edit", "complaints:knowledge_approve",
             "complaints:knowledge_withdraw", "complaints:knowledge_use", "complaint-knowledge-detail",
             "complaint-knowledge-use", "complaint-knowledge-rewrite", "complaint-knowledge-approve",
             "complaint-knowledge-withdraw"),
    **_named("incident", "incident-report-detail"),
    **_named("evidence", "complaints:evidence", "complaints:evidence_small", "complaints:evidence_remove"),
    "complaint-evidence-content": Recipe(lambda stage, person: {
        "pk": _evidence(stage, person).complaint_id, "number": _evidence(stage, person).pk,
    }),
    "complaints:concern": Recipe(lambda stage, person: {"pk": stage.people.technician.pk}),
    "complaints:topic": Recipe(lambda stage, person: {"pk": Topic.objects.first().pk}, is_shared=True),
    "complaints:public": Recipe(
        lambda stage, person: {"token": public_path(stage.store).rstrip("/").rpartition("/")[2]}
    ),
    # Site checks, training, stars
    **_named("site_list", "appraisal:site_list", "appraisal:site_list_edit", "appraisal:round_begin",
             "appraisal:site_plan_new"),
    **_named("site_plan", "appraisal:site_plan_end"),
    **_named("site_round", "appraisal:round", "appraisal:round_finish", "appraisal:round_call_off"),
    "appraisal:round_item": Recipe(
        lambda stage, person: {"pk": stage.site_round.pk, "item": stage.site_list.items.first().pk}
    ),
    **_named("site_finding", "appraisal:finding", "appraisal:finding_remedy", "appraisal:finding_back",
             "appraisal:finding_close", "appraisal:finding_hand_on"),
    **_named("site_photo", "appraisal:site_photo", "appraisal:site_photo_small"),
    **_named("training", "appraisal:training", "appraisal:training_edit", "appraisal:training_held",
             "appraisal:training_call_off"),
    "appraisal:star_choose": Recipe(lambda stage, person: {"span": MONTH}, is_shared=True),
    **_named("star", "appraisal:star_take_back"),
    # Callback
    "callback:ask": Recipe(
        lambda stage, person: {"token": public_path(stage.store, "callback:ask").rstrip("/").rpartition("/")[2]}
    ),
    **_named("service_request", "callback:request", "callback:request_log", "callback:request_hand_on",
             "callback:request_named", "callback:request_close", "callback:request_withdraw", "callback:request_phone",
             "service-request-detail"),
    **_named("task", "callback:take", "callback:keep", "callback:release", "callback:phone", "callback:outcome",
             "callback:complaint", "callback:task", "callback:assign", "callback:send_back", "callback-detail",
             "callback-claim", "callback-outcome"),
    **_named("task", "callback:refer"),
    **_named("campaign_member", "campaign-member-detail"),
    **_named("work_log", "callback:log_read"),
    "callback:hand_over": Recipe(lambda stage, person: {"pk": stage.people.agent.pk}),
    **_named("contact", "contact-detail", "callback:refer_contact", "callback:record",
             "callback:score"),
    **_named("question", "callback:referral_answer"),
    **_named("judged_call", "callback:score_comment"),
    **_named("customer", "callback:incoming_from"),
    **_named("referral", "callback:referral", "callback:referral_hand_on",
             "callback:referral_agree", "callback:referral_confirm", "callback:referral_withdraw"),
    **_named("rule", "callback:rule"),
    **_named("handover", "callback:handover_withdraw", "handover-detail"),
    **_named("campaign", "callback:campaign", "callback:campaign_members", "callback:campaign_edit",
             "callback:campaign_start", "callback:campaign_call_off", "callback:campaign_judge"),
    **_named("referral", "referral-detail"),
    **_named("campaign", "campaign-detail", "campaign-effect"),
    **_named("lead", "lead-detail"),
    **_named("lead", "callback:lead", "callback:lead_edit", "callback:lead_talk", "callback:lead_won",
             "callback:lead_lost", "callback:lead_reopen", "callback:lead_phone"),
    **_named("customer", "callback:refuse", "callback:allow"),
    # Messages
    **_named("message", "channels:message", "channels:withdraw", "channels:again", "channels:reveal"),
    **dict.fromkeys(
        ["channels:wording", "channels:wording_preview", "channels:wording_shipped"],
        Recipe(lambda stage, person: {"code": stage.store.code, "purpose": "survey"}),
    ),
    # Targets and pay
    **_named("meeting", "kpi:meeting", "kpi:meeting_save", "kpi:meeting_refresh", "kpi:meeting_print"),
    **_named("goal_line", "kpi:follow_up_done", "kpi:follow_up_postpone"),
    "kpi:measure": Recipe(lambda stage, person: {"code": "output"}, is_shared=True),
    **dict.fromkeys(
        ("kpi:rows", "kpi:rows_workbook"), Recipe(lambda stage, person: {"part": "cars"}, is_shared=True)
    ),
    **_named("target", "kpi:target", "kpi:target_sign", "target-detail", "target-sign"),
    **_named("run", "commission:run", "commission:run_review", "commission:run_approve", "commission:run_lock",
             "commission:run_return", "commission-run-detail", "commission-run-approve", "commission-run-lock",
             "commission-run-review", "commission-run-send-back", "commission:run_remind"),
    "commission:figure_explanation": Recipe(
        lambda stage, person: {"pk": stage.run.pk, "part": "pool", "key": "output"}
    ),
    **_named("computation", "commission:computation"),
    **_named("statement", "commission:statement"),
    **_named("line", "commission:line"),
    **dict.fromkeys(["commission:own_statement", "commission:statement_check", "commission:appeal_new"],
                    Recipe(one("statement"), is_personal=True)),
    "commission:dispute_new": Recipe(one("line"), is_personal=True),
    **_named("pay_dispute", "commission:dispute_answer"),
    **_named("pay_appeal", "commission:appeal", "commission:appeal_vote", "commission:appeal_member"),
    **_named("sheet", "appraisal:sheet", "appraisal:sheet_enter", "appraisal:sheet_review", "appraisal:sheet_return"),
    **_named("sheet_line", "appraisal:line"),
    **_named("sheet_appeal", "appraisal:appeal"),
    **dict.fromkeys(["appraisal:own_sheet", "appraisal:own_score", "appraisal:own_appeal"],
                    Recipe(one("own_sheet"), is_personal=True)),
    "appraisal:own_line": Recipe(one("own_sheet_line"), is_personal=True),
    "appraisal:card_draft": Recipe(lambda stage, person: {"pk": stage.card_version.card_id}),
    **_named("card_draft", "appraisal:card", "appraisal:card_edit", "appraisal:card_adopt", "appraisal:card_discard",
             "appraisal:item_new"),
    **_named("card_item", "appraisal:item_edit", "appraisal:item_remove"),
    "commission:own_line": Recipe(one("line"), is_personal=True),
    "commission:own_figure": Recipe(
        lambda stage, person: {"pk": _line_of_statement(stage, person).statement_id, "part": "pool", "key": "output"},
        is_personal=True,
    ),
    **_named("plan_version", "commission:plan", "commission:plan_approve"),
    **_named("plan_draft", "commission:plan_edit", "commission:plan_discard", "commission:plan_ask",
             "commission:dry_run_order"),
    "commission:plan_compare": Recipe(
        lambda stage, person: {"pk": stage.plan_draft.pk, "other": stage.plan_version.pk}
    ),
    **_named("dry_run", "commission:dry_run", "commission:dry_run_workbook"),
    "commission:dry_run_person": Recipe(
        lambda stage, person: {"pk": stage.dry_run.pk, "staff": stage.people.advisor.pk}
    ),
    **_named("pay_slip", "commission:pay_slip"),
    **_named("pay_line", "commission:pay_line"),
    **_named("person", "commission:pay_items"),
    "commission:own_pay_slip": Recipe(one("pay_slip"), is_personal=True),
    "commission:own_pay_line": Recipe(one("pay_line"), is_personal=True),
    **_named("incentive", "commission:incentive_approve", "commission:incentive_decline"),
    **_named("adjustment", "commission:adjustment_approve", "commission:adjustment_decline"),
    **_named("coefficient_change", "commission:coefficient", "commission:coefficient_approve",
             "commission:coefficient_decline", "commission:coefficient_revoke", "commission:coefficient_withdraw",
             "coefficient-change-detail", "coefficient-change-approve", "coefficient-change-decline",
             "coefficient-change-revoke", "coefficient-change-withdraw"),
    # Office
    **_named("person", "office:person", "office:person_change", "office:position_new", "office:roles", "office:leave",
             "office:come_back", "office:password_reset", "office:second_factor_forget"),
    **_named("store", "office:store_change", "office:team_new"),
    **_named("team", "office:team_change"),
    "office:figure": _FIGURE,
    "office:figure_change": _FIGURE,
    "office:calendar_load": Recipe(lambda stage, person: {"year": 2026}, is_shared=True),
    "office:calendar_day": _DAY,
    "office:calendar_day_clear": _DAY,
    # Imports and reports
    **_named("import_run", "importing:run", "importing:confirm", "importing:drop", "importing:problems",
             "importing:columns", "importing:undo", "importing:refused"),
    **_named("import_source", "importing:source", "importing:source_remove"),
    "reporting:export": Recipe(one("export"), is_personal=True),
    "reporting:export_file": Recipe(one("export"), is_personal=True),
    **_named("kept", "reporting:kept", "reporting:kept_file", "reporting:kept_again", "report-detail", "report-file",
             "report-again"),
    **{f"reporting:{code}_xlsx": _report(period) for code, period in _REPORTS.items()},
    **{f"reporting:{code}_csv": _report(period, place=0) for code, period in _REPORTS.items()},
}  # fmt: skip

COSTLY = {"api_schema", "api_docs"}
"""Asked by one role only: the same for all, and a second of work."""

WRITES_ON_GET: dict[str, str] = {
    "notices:open": "reading a notice is what marks it as read",
    "ui:second_factor": "the device to scan is prepared, worthless until confirmed",
    **dict.fromkeys(
        [
            "importing:problems",
            "importing:blank",
            "importing:refused",
            "reporting:export_file",
            "reporting:kept_file",
            "report-file",
            "reception:segment_export",
            "workshop:measures_workbook",
            "kpi:rows_workbook",
            "commission:dry_run_workbook",
            *(f"reporting:{code}_{form}" for code in _REPORTS for form in ("xlsx", "csv")),
        ],
        "every export is noted in the journal",
    ),
}


def _draft_of(stage: Stage) -> QuestionnaireVersion:
    """The draft of the next service questionnaire: questionnaires are the house's, not a store's."""
    assert stage.response
    questionnaire = questionnaire_of_kind(QuestionnaireKind.SERVICE_CSI)
    draft = questionnaire.versions.filter(published_at=None).first()
    return draft or draft_version(questionnaire=questionnaire, by=None, at=AT)


def _factor(stage: Stage) -> str:
    assert stage.response
    return Question.objects.filter(weight__isnull=False, version__published_at__isnull=False).first().code
