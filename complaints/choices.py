from django.db import models
from django.utils.translation import gettext_lazy as _


class ComplaintSource(models.TextChoices):
    CALL = "call", _("Call")  # 回访
    PHONE = "phone", _("Inbound phone")  # 电话
    FRONT_DESK = "front_desk", _("Front desk")  # 前台
    MANUFACTURER = "manufacturer", _("Manufacturer")  # 厂家
    WEB = "web", _("Web or QR code")  # 网络
    MEDIA = "media", _("Media")  # 媒体
    REGULATOR = "regulator", _("Regulator")  # 监管部门


class Severity(models.TextChoices):
    GENERAL = "general", _("General")  # 一般
    IMPORTANT = "important", _("Important")  # 重要
    MAJOR = "major", _("Major")  # 重大


SEVERITY_TONES = {Severity.GENERAL: "info", Severity.IMPORTANT: "warning", Severity.MAJOR: "danger"}


class Category(models.TextChoices):
    ATTITUDE = "attitude", _("Attitude")  # 服务态度
    WAITING = "waiting", _("Waiting time")  # 等待
    SKILL = "skill", _("Repair skill")  # 维修技术
    PRICE = "price", _("Price")  # 价格
    PARTS = "parts", _("Parts supply")  # 配件
    PROMISE = "promise", _("Broken promise")  # 承诺
    PRODUCT = "product", _("Product quality")  # 产品质量
    SALES = "sales", _("Sales service")  # 销售
    OTHER = "other", _("Other")  # 其他


class ComplaintState(models.TextChoices):
    """The closed loop, step by step."""

    RECORDED = "recorded", _("Recorded")
    ADVISED = "advised", _("Supervisor has advised")
    DECIDED = "decided", _("Manager has decided")
    REMEDIED = "remedied", _("Remedied")
    CHECKED = "checked", _("Manager has checked")
    CLOSED = "closed", _("Closed")


STATE_TONES = {
    ComplaintState.RECORDED: "danger",
    ComplaintState.ADVISED: "warning",
    ComplaintState.DECIDED: "warning",
    ComplaintState.REMEDIED: "primary",
    ComplaintState.CHECKED: "info",
    ComplaintState.CLOSED: "success",
}


class StepKind(models.TextChoices):
    RECORD = "record", _("Recorded")
    REPLY = "reply", _("First reply")
    ADVICE = "advice", _("Supervisor's advice")
    DECISION = "decision", _("Manager's decision")
    REMEDY = "remedy", _("Remedy")
    CHECK = "check", _("Manager's check")
    ASK = "ask", _("Customer asked again")
    CLOSE = "close", _("Closed")
    REOPEN = "reopen", _("Reopened")
    PAUSE = "pause", _("Clock stopped")
    RESUME = "resume", _("Clock goes on")
    VERIFY = "verify", _("Verified")
    AMEND = "amend", _("Sheet corrected")  # 补正
    EVIDENCE = "evidence", _("Evidence added")  # 证据
    ARRANGE = "arrange", _("Agreed with the customer")  # 约定
    KEPT = "kept", _("What came of the agreement")  # 约定结果
    SECOND = "second", _("Asked once more")  # 二次回访


class PauseReason(models.TextChoices):
    """Why the clocks stand: always something only the customer can do."""

    CAR = "car", _("The customer brings the car")
    ANSWER = "answer", _("The customer thinks about our offer")
    PAPERS = "papers", _("The customer brings papers or evidence")
    TIME = "time", _("The customer chose a later time")
    UNREACHED = "unreached", _("The customer can't be reached")
    OTHER = "other", _("Another reason, in words")


class Clock(models.TextChoices):
    REPLY = "reply", _("First reply")
    SOLVE = "solve", _("Solution")


class Alarm(models.TextChoices):
    WARNING = "warning", _("Running out")
    BREACH = "breach", _("Run out")
    DOUBLE = "double", _("Twice the time")


class GoodwillKind(models.TextChoices):
    MONEY = "money", _("Money")  # 现金
    VOUCHER = "voucher", _("Voucher")  # 代金券
    LABOUR = "labour", _("Labour")  # 工时
    PARTS = "parts", _("Parts")  # 配件


class GoodwillState(models.TextChoices):
    REQUESTED = "requested", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    REVERSED = "reversed", _("Taken back")


GOODWILL_TONES = {
    GoodwillState.REQUESTED: "warning",
    GoodwillState.APPROVED: "success",
    GoodwillState.DECLINED: "neutral",
    GoodwillState.REVERSED: "neutral",
}


# Step → the states in which it may be taken, and the state it leads to (None: it depends, or stays).
MOVES = {
    StepKind.ADVICE: ((ComplaintState.RECORDED,), ComplaintState.ADVISED),
    StepKind.DECISION: ((ComplaintState.ADVISED, ComplaintState.DECIDED), ComplaintState.DECIDED),
    StepKind.REMEDY: ((ComplaintState.DECIDED,), ComplaintState.REMEDIED),
    StepKind.CHECK: ((ComplaintState.REMEDIED,), None),
    StepKind.ASK: ((ComplaintState.CHECKED,), None),
}

# State → the step that is next, so that a refusal and a page can say what is missing.
NEXT_STEP = {
    ComplaintState.RECORDED: StepKind.ADVICE,
    ComplaintState.ADVISED: StepKind.DECISION,
    ComplaintState.DECIDED: StepKind.REMEDY,
    ComplaintState.REMEDIED: StepKind.CHECK,
    ComplaintState.CHECKED: StepKind.ASK,
}


# The words of the journal.
VERBS = {
    "complaint.recorded": _("Complaint recorded"),
    "complaint.replied_to": _("Customer replied to"),
    "complaint.advised": _("Supervisor advised"),
    "complaint.decided": _("Manager decided"),
    "complaint.remedied": _("Put right by the owner"),
    "complaint.checked": _("Remedy checked"),
    "complaint.asked_about": _("Customer asked again"),
    "complaint.closed": _("Complaint closed"),
    "complaint.reopened": _("Complaint opened again"),
    "complaint.clock_stopped": _("Clock stopped"),
    "complaint.clock_resumed": _("Clock went on"),
    "complaint.verified": _("Judged true or not"),
    "complaint.amended": _("Complaint sheet corrected"),
    "complaint.evidence_added": _("Evidence added to the complaint"),
    "complaint.evidence_removed": _("Evidence taken away"),
    "complaint.arranged": _("Time agreed with the customer"),
    "complaint.arrangement_kept": _("What came of the agreed time was written down"),
    "complaint.asked_once_more": _("Customer asked once more after closing"),
    "complaint_topic.changed": _("Category of complaints changed"),
    "complaint.judgement_lifted": _("Judgement lifted after an appeal"),
    "complaint.filed": _("Case filed"),
    "appeal.made": _("Appeal against a judgement"),
    "appeal.accepted": _("Appeal accepted"),
    "appeal.rejected": _("Appeal rejected"),
    "goodwill.requested": _("Goodwill asked for"),
    "goodwill.approved": _("Goodwill approved"),
    "goodwill.declined": _("Goodwill declined"),
    "goodwill.reversed": _("Goodwill taken back"),
    "goodwill_budget.changed": _("Goodwill budget changed"),
    "knowledge.drafted": _("Knowledge written"),
    "knowledge.approved": _("Knowledge approved"),
    "knowledge.withdrawn": _("Knowledge withdrawn"),
    "incident_report.written": _("Major-incident report written"),
    "complaint.imported": _("Complaint brought in by workbook"),
    "complaint.changed_by_import": _("Complaint changed by workbook"),
}
