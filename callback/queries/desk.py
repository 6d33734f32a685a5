"""Everything the call page shows about one call, in a constant number of queries."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from callback.choices import AFTER_HANDOVER, SCRIPT_KEYS, Outcome, RuleCode, ScriptStage
from callback.formulas import fill_in
from callback.models import CallTask, Campaign, Contact, Referral, ServiceRequest
from callback.queries.about import AboutLine, lines_about
from callback.queries.plan import ON_LINE
from callback.queries.queue import with_hold
from complaints.models import Complaint
from dealer_crm.channels.choices import Channel as Channels
from dealer_crm.channels.queries import is_on, why_no_text
from dealer_crm.values import Refusal
from reception.choices import LineKind
from reception.models import Customer, CustomerPhone, OrderLine, RepairOrder, Suggestion
from reception.queries import addressed, text_way, texted_number
from satisfaction.choices import Channel
from satisfaction.models import QuestionnaireVersion
from satisfaction.queries import Asked, asked, is_answered, version_in_force

LAST = 6


@dataclass(frozen=True)
class Stage:
    """One stage of the script with the names filled in."""

    stage: ScriptStage
    text: str

    @property
    def key(self) -> str:
        """What opens it where it is folded; empty where it stands open."""
        return SCRIPT_KEYS.get(self.stage, "")


@dataclass(frozen=True)
class Desk:
    task: CallTask
    phone: CustomerPhone | None
    lines: list[OrderLine]
    contacts: list[Contact]
    complaints: list[Complaint]
    suggestions: list[Suggestion]
    also_owed: list[CallTask]
    referrals: list[Referral]
    version: QuestionnaireVersion | None
    script: list[Stage]
    questions: list[Asked] = field(default_factory=list)
    about: list[AboutLine] = field(default_factory=list)
    request: ServiceRequest | None = None
    has_answered: bool = False
    """The customer has answered this order's questionnaire already, by link or at the desk: it is not asked again."""

    @property
    def customer(self) -> Customer:
        return self.task.customer

    @property
    def order(self) -> RepairOrder | None:
        return self.task.order

    @property
    def texts_by_itself(self) -> bool:
        """Whether the program sends the text when the agent asks for it."""
        return texts_by_itself()

    def was_just_spoken_to(self, agent, at: datetime) -> bool:
        """The customer is still on the line: this agent has just talked another call through with them."""
        last = self.contacts[0] if self.contacts else None
        return (
            last is not None and last.outcome == Outcome.COMPLETED and last.agent_id == agent.pk
            and last.task_id != self.task.pk and last.at > at - ON_LINE
        )  # fmt: skip

    @property
    def text_message(self) -> str:
        return self._words(ScriptStage.TEXT)

    @property
    def refusal_words(self) -> str:
        """What the agent says to who does not want to talk."""
        return self._words(ScriptStage.REFUSAL)

    def _words(self, stage: ScriptStage) -> str:
        return next((each.text for each in self.script if each.stage == stage), "")


def desk(task: CallTask, agent, *, at: datetime) -> Desk:
    """What the agent needs in front of them for `task`; with it the customer's other calls whose window has begun."""
    task = CallTask.objects.select_related(
        "rule__questionnaire",
        "store",
        "customer",
        "vehicle",
        "order__advisor",
        "order__vehicle",
        "complaint",
        "appointment__advisor",
        "agent",
        "claimed_by",
    ).get(pk=task.pk)
    lines = list(OrderLine.objects.filter(order=task.order_id).order_by("number")) if task.order_id else []
    suggestions = _suggestions(task)
    has_answered = has_answered_already(task)
    version = None if has_answered else _version(task)
    return Desk(
        task=task,
        phone=dialled_phone(task.customer),
        lines=lines,
        contacts=list(
            Contact.objects.filter(customer=task.customer_id)
            .visible_to(agent)
            .select_related("agent", "task__rule")
            .order_by("-at", "-pk")[:LAST]
        ),
        complaints=list(
            Complaint.objects.unclosed()
            .filter(customer=task.customer_id)
            .visible_to(agent)
            .select_related("owner")
            .order_by("-received_at")[:LAST]
        ),
        suggestions=suggestions[:LAST],
        also_owed=list(
            with_hold(CallTask.objects.unfinished())
            .filter(customer=task.customer_id, store=task.store_id, opens_at__lte=at)
            .exclude(pk=task.pk)
            .select_related("rule", "vehicle")
            .order_by("due_at")[:LAST]
        ),
        referrals=list(
            Referral.objects.open()
            .filter(customer=task.customer_id, store=task.store_id)
            .select_related("person")
            .order_by("-asked_at")[:LAST]
        ),
        version=version,
        about=lines_about(task),
        request=asked_about(task),
        has_answered=has_answered,
        questions=asked(version, channel=Channel.CALL) if version else [],
        script=_script(task, lines, suggestions, agent),
    )


def text_message(task: CallTask, agent=None) -> str:
    """The rule's text to the customer with the names filled in; empty when the script has none."""
    wording = task.rule.script.filter(stage=ScriptStage.TEXT).first()
    if wording is None:
        return ""
    lines = list(OrderLine.objects.filter(order=task.order_id).order_by("number")) if task.order_id else []
    return fill_in(wording.text, script_names(task, lines, _suggestions(task), agent))


def texts_by_itself() -> bool:
    """Whether the program sends texts; without a channel the agent does, by hand."""
    return is_on(Channels.SMS)


def why_not_textable(task: CallTask, agent=None) -> str:
    """Why the program cannot text this call's customer; empty when it can."""
    if reason := why_no_text(texted_number(task.customer), channel=text_way(task.customer)):
        return reason
    if task.customer.no_text_since is not None:
        return _("The customer wants no texts.")
    return "" if text_message(task, agent) else _("The rule's script has no text message.")


def has_answered_already(task: CallTask) -> bool:
    """Nobody is asked, or counts, twice about one visit."""
    questionnaire = task.rule.questionnaire
    return bool(questionnaire and task.order) and is_answered(task.order, questionnaire)


def _version(task: CallTask) -> QuestionnaireVersion | None:
    """A questionnaire of which nothing is published yet asks nothing; the call goes on without it."""
    try:
        return version_in_force(task.rule.questionnaire) if task.rule.questionnaire else None
    except Refusal:
        return None


def dialled_phone(customer: Customer) -> CustomerPhone | None:
    """The number to dial: the first one no call has met as wrong or invalid; None when all of them were."""
    return next((phone for phone in customer.phones.all() if phone.wrong_since is None), None)


def _suggestions(task: CallTask) -> list[Suggestion]:
    """What was suggested for the customer's cars and is not done, that of the call's own car first."""
    own = Suggestion.objects.open().filter(Q(vehicle__owner=task.customer_id) | Q(vehicle=task.vehicle_id))
    found = own.filter(store=task.store_id).select_related("vehicle").order_by("follow_up_on", "pk")
    return sorted(found[:30], key=lambda one: one.vehicle_id != task.vehicle_id)


def _script(task: CallTask, lines: list[OrderLine], suggestions: list[Suggestion], agent) -> list[Stage]:
    names = script_names(task, lines, suggestions, agent)
    order = {stage: place for place, stage in enumerate(ScriptStage)}
    texts = sorted(task.rule.script.all(), key=lambda text: order[ScriptStage(text.stage)])
    return [Stage(ScriptStage(text.stage), fill_in(text.text, names)) for text in texts]


def script_names(task: CallTask, lines: list[OrderLine], suggestions: list[Suggestion], agent) -> dict[str, str]:
    """What stands for each name of `shipped.NAMES` in this call. The words are data: they are spoken in Chinese."""
    order, vehicle = task.order, task.vehicle
    delivered_at = order.delivered_at.astimezone(task.store.tz) if order and order.delivered_at else None
    return {
        "客户": addressed(task.customer),
        "门店": task.store.name,
        "专员": agent.name if agent else "客服专员",
        "车牌": vehicle.plate if vehicle else "",
        "车型": " ".join(filter(None, (vehicle.brand, vehicle.series))) if vehicle else "",
        "维修项目": _work(order, lines),
        "服务顾问": order.advisor.name if order and order.advisor else "",
        "交车时间": f"{delivered_at.month}月{delivered_at.day}日" if delivered_at else "",
        "日期": _event_day(task),
        "预约时间": _appointed(task),
        "维修建议": "、".join(one.name for one in suggestions if one.vehicle_id == task.vehicle_id),
        "投诉内容": _shortened(task.complaint.description) if task.complaint else "",
        "销售顾问": _salesperson(task),
        "活动内容": _offered(task),
        **_requested(task),
    }


def _salesperson(task: CallTask) -> str:
    """Who handed the new car over, on the calls after a handover."""
    handover = getattr(task.vehicle, "handover", None) if task.rule.code in AFTER_HANDOVER else None
    return handover.salesperson if handover else ""


def _offered(task: CallTask) -> str:
    """What the campaign of the call offers."""
    if task.rule.code != RuleCode.CAMPAIGN:
        return ""
    campaign = task.source_key.split(":")[1]
    return Campaign.objects.filter(pk=campaign).values_list("words", flat=True).first() or ""


def asked_about(task: CallTask) -> ServiceRequest | None:
    """The service request the call follows."""
    if task.rule.code != RuleCode.SERVICE_REQUEST:
        return None
    rows = ServiceRequest.objects.select_related("person", "ended_by")
    return rows.filter(pk=task.source_key.split(":")[1]).first()


def _requested(task: CallTask) -> dict[str, str]:
    """What was asked for, and what was written down as its result."""
    request = asked_about(task)
    if request is None:
        return {"服务请求": "", "处理结果": ""}
    return {"服务请求": _shortened(request.description), "处理结果": _shortened(request.result)}


def _work(order: RepairOrder | None, lines: list[OrderLine]) -> str:
    work = [line.name for line in lines if line.kind == LineKind.LABOUR] or [line.name for line in lines]
    if not work:
        return str(order.get_kind_display()) if order else ""
    return "、".join(work[:2]) + (_(" and more") if len(work) > 2 else "")


def _event_day(task: CallTask) -> str:
    event = (task.due_reason or {}).get("event", "")
    return f"{int(event[5:7])}月{int(event[8:10])}日" if event else ""


def _appointed(task: CallTask) -> str:
    if task.appointment is None:
        return ""
    local = task.appointment.starts_at.astimezone(task.store.tz)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[:30]}…" if len(text) > 30 else text
