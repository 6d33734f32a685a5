from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import Category


class RuleCode(models.TextChoices):
    """Which calls are owed (spec `callback.md`, first table). A rule of each code is a row a supervisor can edit."""

    SERVICE_3D = "service_3d", _("After-service call")
    COMPLAINT_NEXT_DAY = "complaint_next_day", _("Call after a complaint")
    COMPLAINT_SECOND = "complaint_second", _("Second call after a complaint")
    BAD_ANSWER = "bad_answer", _("Follow-up of a bad answer")
    MAINTENANCE = "maintenance", _("Maintenance reminder")
    FIRST_SERVICE = "first_service", _("First-service reminder")
    SUGGESTION = "suggestion", _("Repair suggestion")
    APPOINTMENT_CONFIRM = "appointment_confirm", _("Appointment to confirm")
    APPOINTMENT_MISSED = "appointment_missed", _("Missed appointment")
    INSURANCE_RENEWAL = "insurance_renewal", _("Insurance renewal")
    DORMANT = "dormant", _("Win-back")
    WEEKLY_SAMPLE = "weekly_sample", _("Weekly sample")
    MONTHLY_SURVEY = "monthly_survey", _("Monthly survey")
    SPOT_CHECK = "spot_check", _("Re-check of calls")
    SALES_2H = "sales_2h", _("New car, 2 hours")
    SALES_3D = "sales_3d", _("New car, 3 days")
    SALES_7D = "sales_7d", _("New car, 7 days")
    RUN_IN_3W = "run_in_3w", _("Run-in reminder")
    BIRTHDAY = "birthday", _("Birthday")
    CAMPAIGN = "campaign", _("Campaign")
    SERVICE_REQUEST = "service_request", _("Call after a service request")


ASKS_RESULT = (RuleCode.COMPLAINT_NEXT_DAY, RuleCode.COMPLAINT_SECOND)
"""Rules whose calls ask whether the customer is satisfied with what became of a complaint."""


AFTER_HANDOVER = (RuleCode.SALES_2H, RuleCode.SALES_3D, RuleCode.SALES_7D, RuleCode.RUN_IN_3W)
"""Rules whose calls follow the handover of a new car."""

AFTER_SERVICE = (
    RuleCode.SERVICE_3D, RuleCode.COMPLAINT_NEXT_DAY, RuleCode.COMPLAINT_SECOND, RuleCode.BAD_ANSWER,
)  # fmt: skip
"""Rules whose calls follow a visit or what came of it."""

STANDARD_SHEETS = (
    "sales_record", "service_record", "sales_calls", "service_calls", "call_programme", "complaint_sheets",
    "complaints", "incident_reports", "customer_relations",
)  # fmt: skip
"""The nine standard sheets, by the code of their report, in the order of the spec."""

SUPERVISED = (RuleCode.SPOT_CHECK,)
"""Rules whose calls only a supervisor makes."""


class Purpose(models.TextChoices):
    """What a customer may refuse to be called for. What was promised (complaints, appointments) is none of these."""

    SURVEY = "survey", _("Surveys")
    REMINDER = "reminder", _("Service reminders")
    MARKETING = "marketing", _("Offers and greetings")


ALL_CALLS = "all"
"""In place of a purpose: the customer wants no calls at all (`Customer.no_call_since`)."""

NO_MORE = (*Purpose.choices, (ALL_CALLS, pgettext_lazy("refusal", "All calls")))
"""What a customer who refuses a call may want no more calls for."""


PURPOSES = {
    **dict.fromkeys(
        (RuleCode.SERVICE_3D, RuleCode.SALES_2H, RuleCode.SALES_3D, RuleCode.SALES_7D, RuleCode.WEEKLY_SAMPLE,
         RuleCode.MONTHLY_SURVEY, RuleCode.SPOT_CHECK, RuleCode.SERVICE_REQUEST), Purpose.SURVEY,
    ),
    **dict.fromkeys(
        (RuleCode.MAINTENANCE, RuleCode.FIRST_SERVICE, RuleCode.RUN_IN_3W, RuleCode.SUGGESTION,
         RuleCode.INSURANCE_RENEWAL), Purpose.REMINDER,
    ),
    **dict.fromkeys((RuleCode.DORMANT, RuleCode.BIRTHDAY, RuleCode.CAMPAIGN), Purpose.MARKETING),
}  # fmt: skip
"""What a rule's calls are for; rules that are missing call about what was promised."""

SURVEYS = tuple(code for code, purpose in PURPOSES.items() if purpose == Purpose.SURVEY)
"""Rules that ask customers what they think of us: nobody is asked that while a complaint of theirs is open."""


class ForecastBasis(models.TextChoices):
    """What of a service's target is reached first."""

    DAY = "day", _("Time")
    MILEAGE = "mileage", _("Mileage")


class TaskState(models.TextChoices):
    OPEN = "open", _("To be called")
    DONE = "done", _("Called")
    UNREACHED = "unreached", _("Unreached")
    REFUSED = "refused", _("Refused the call")
    DROPPED = "dropped", _("Not to be called")


TASK_TONES = {
    TaskState.OPEN: "info",
    TaskState.DONE: "success",
    TaskState.UNREACHED: "warning",
    TaskState.REFUSED: "danger",
    TaskState.DROPPED: "neutral",
}


class Outcome(models.TextChoices):
    COMPLETED = "completed", _("Completed")  # 成功
    NO_ANSWER = "no_answer", _("No answer")  # 无人接听
    BUSY = "busy", _("Busy")  # 占线
    SWITCHED_OFF = "switched_off", _("Switched off")  # 关机
    WRONG_NUMBER = "wrong_number", _("Wrong number")  # 错号
    INVALID_NUMBER = "invalid_number", _("Invalid number")  # 空号
    REFUSED = "refused", _("Refused the call")  # 拒访
    CALL_LATER = "call_later", _("Call later")  # 改约
    SMS = "sms", _("Text message instead")  # 短信代替


# The customer was not reached; the retry plan applies.
UNREACHED_OUTCOMES = (Outcome.NO_ANSWER, Outcome.BUSY, Outcome.SWITCHED_OFF)
BAD_NUMBER_OUTCOMES = (Outcome.WRONG_NUMBER, Outcome.INVALID_NUMBER)
# The customer was on the line.
CONNECTED_OUTCOMES = (Outcome.COMPLETED, Outcome.REFUSED, Outcome.CALL_LATER)

OUTCOME_TONES = {
    Outcome.COMPLETED: "success",
    Outcome.NO_ANSWER: "warning",
    Outcome.BUSY: "warning",
    Outcome.SWITCHED_OFF: "warning",
    Outcome.WRONG_NUMBER: "danger",
    Outcome.INVALID_NUMBER: "danger",
    Outcome.REFUSED: "danger",
    Outcome.CALL_LATER: "info",
    Outcome.SMS: "neutral",
}


class Direction(models.TextChoices):
    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class ScriptStage(models.TextChoices):
    OPENING = "opening", _("Opening")
    REFUSAL = "refusal", _("When the customer refuses")
    QUESTIONS = "questions", _("Questions")
    PRAISE = "praise", _("When the customer praises")
    COMPLAINT = "complaint", _("When the customer complains")
    CLOSING = "closing", _("Closing")
    TEXT = "text", _("Text message")


SCRIPT_KEYS = {ScriptStage.REFUSAL: "j", ScriptStage.PRAISE: "b", ScriptStage.COMPLAINT: "t", ScriptStage.CLOSING: "s"}
"""The key that opens a folded stage of the script, by the first sound of its Chinese word (拒、表、投、束)."""


class DueWhy(models.TextChoices):
    """Why a call must be made by the day it must be made by; the label is the sentence, filled in from the task."""

    LAST_DAY = "last_day", _("The window runs from %(first)s to %(last)s; %(due)s is its last day.")
    LAST_WORKING_DAY = (
        "last_working_day",
        _("The window runs from %(first)s to %(last)s; %(due)s is the last working day in it."),
    )
    SHIFTED = (
        "shifted",
        _("The window from %(first)s to %(last)s has no working day; %(due)s is the first one after it."),
    )
    HOURS = "hours", _("%(hours)s calling hours from %(moment)s on end at %(due)s.")
    HOURS_SHIFTED = (
        "hours_shifted",
        _("%(moment)s is on a free day; %(hours)s calling hours of the next working day end at %(due)s."),
    )


# ── Referrals ────────────────────────────────────────────────────────────────────────────────────────────────────────
class Department(models.TextChoices):
    """Who in the house is asked about a customer's question (转单)."""

    RECEPTION = "reception", _("Service reception")
    WORKSHOP = "workshop", _("Workshop floor")
    PARTS = "parts", _("Parts department")
    SALES = "sales", _("New-car sales")
    INSURANCE = "insurance", _("Insurance and claims")
    FINANCE = "finance", _("Finance department")
    CARE = "care", _("Customer relations")
    OFFICE = "office", _("Office and others")


class ReferralState(models.TextChoices):
    ASKED = "asked", _("Waits for the department")
    ANSWERED = "answered", _("To be told the customer")
    CONFIRMED = "confirmed", _("Confirmed with the customer")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Withdrawn")


REFERRAL_TONES = {
    ReferralState.ASKED: "warning",
    ReferralState.ANSWERED: "info",
    ReferralState.CONFIRMED: "success",
    ReferralState.WITHDRAWN: "neutral",
}
OPEN_REFERRALS = (ReferralState.ASKED, ReferralState.ANSWERED)


# ── Service requests ─────────────────────────────────────────────────────────────────────────────────────────────────
class RequestKind(models.TextChoices):
    """What a customer wants done (服务请求). Each kind has its answer time (`settings.REQUEST_MINUTES`)."""

    RESCUE = "rescue", _("Roadside rescue")
    PICK_UP = "pick_up", _("Pick-up and delivery")
    ENQUIRY = "enquiry", pgettext_lazy("service request", "Enquiry")
    PARTS = "parts", _("Parts order")
    INVOICE = "invoice", pgettext_lazy("service request", "Invoice")
    LOAN_CAR = "loan_car", pgettext_lazy("service request", "Courtesy car")
    OTHER = "other", pgettext_lazy("service request", "Other request")


ROUND_THE_CLOCK = (RequestKind.RESCUE,)
"""Kinds that are answered at any hour; the others wait for the opening."""


class RequestSource(models.TextChoices):
    PHONE = "phone", pgettext_lazy("service request", "By telephone")
    WECHAT = "wechat", _("WeChat")
    WEB = "web", pgettext_lazy("service request", "By the web form")
    WALK_IN = "walk_in", pgettext_lazy("service request", "At the desk")
    MANUFACTURER = "manufacturer", pgettext_lazy("service request", "Manufacturer's hotline")


class RequestProblem(models.TextChoices):
    """What the matter is about, whatever is wanted: the analysis counts by it (问题类型)."""

    ENGINE = "engine", _("Engine and gearbox")
    CHASSIS = "chassis", _("Brakes, steering, chassis")
    ELECTRICS = "electrics", _("Battery and electrics")
    TYRES = "tyres", pgettext_lazy("service request", "Tyres")
    AIR = "air", _("Heating and air conditioning")
    BODY = "body", _("Body, paint, glass")
    ACCIDENT = "accident", pgettext_lazy("service request", "Accident")
    SUPPLY = "supply", _("Parts and accessories")
    SERVICE = "service", _("Maintenance and appointments")
    PAPERS = "papers", _("Invoices, papers, insurance")
    OTHER = "other", pgettext_lazy("service request", "Other matter")


class RequestState(models.TextChoices):
    ASKED = "asked", _("Waits for an answer")
    ANSWERED = "answered", pgettext_lazy("service request", "In work")
    CLOSED = "closed", pgettext_lazy("service request", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("service request", "Withdrawn")


REQUEST_TONES = {
    RequestState.ASKED: "warning",
    RequestState.ANSWERED: "info",
    RequestState.CLOSED: "success",
    RequestState.WITHDRAWN: "neutral",
}
OPEN_REQUESTS = (RequestState.ASKED, RequestState.ANSWERED)


class ActivityKind(models.TextChoices):
    """What somebody did about a request. The first that reaches the customer is the answer (`ANSWERS`)."""

    CALL = "call", _("Spoke to the customer")
    MESSAGE = "message", _("Wrote to the customer")
    ON_SITE = "on_site", _("Was with the customer")
    WORK = "work", _("Worked on it")
    HANDED_ON = "handed_on", pgettext_lazy("service request", "Handed on")


ANSWERS = (ActivityKind.CALL, ActivityKind.MESSAGE, ActivityKind.ON_SITE)


# ── Contact records ──────────────────────────────────────────────────────────────────────────────────────────────────
class ContactCategory(models.TextChoices):
    """What a contact was about (信息记录规范), in a tree of two levels: before the dot the group, after it the kind."""

    CALLBACK = "callback", pgettext_lazy("contact", "Care call")
    ENQUIRY_STATION = "enquiry.station", _("Nearest station")
    ENQUIRY_POLICY = "enquiry.policy", _("Service policy")
    ENQUIRY_TECHNICAL = "enquiry.technical", _("Technical state")
    ENQUIRY_PRICE = "enquiry.price", pgettext_lazy("contact", "Price")
    ENQUIRY_PROMOTION = "enquiry.promotion", pgettext_lazy("contact", "Promotion")
    ENQUIRY_PROGRESS = "enquiry.progress", _("Progress of a matter")
    ENQUIRY_FAULT = "enquiry.fault", _("Simple fault help")
    ENQUIRY_PARTS = "enquiry.parts", _("Parts data and price")
    RESCUE = "rescue", _("Roadside rescue")
    COMPLAINT_ATTITUDE = "complaint.attitude", pgettext_lazy("contact", "Attitude")
    COMPLAINT_SLOW = "complaint.slow", _("Slow service")
    COMPLAINT_SKILL = "complaint.skill", _("Repair skill")
    COMPLAINT_SALES = "complaint.sales", _("Sales service")
    COMPLAINT_SUPPLY = "complaint.supply", _("Parts supply")
    COMPLAINT_FIRST = "complaint.first", _("First-service breach")
    COMPLAINT_WARRANTY = "complaint.warranty", _("Warranty breach")
    COMPLAINT_PARTS = "complaint.parts", _("Parts-service breach")
    COMPLAINT_PRODUCT = "complaint.product", pgettext_lazy("contact", "Product quality")


CATEGORY_GROUPS = {
    "callback": pgettext_lazy("contact", "Care call"),
    "enquiry": pgettext_lazy("contact", "Enquiry"),
    "rescue": _("Roadside rescue"),
    "complaint": _("Complaint"),
}


# What a complaint of the loop is in the records of contacts; what is not here has no kind of its own there.
COMPLAINT_RECORDS = {
    Category.ATTITUDE: ContactCategory.COMPLAINT_ATTITUDE,
    Category.WAITING: ContactCategory.COMPLAINT_SLOW,
    Category.SKILL: ContactCategory.COMPLAINT_SKILL,
    Category.PARTS: ContactCategory.COMPLAINT_SUPPLY,
    Category.PRODUCT: ContactCategory.COMPLAINT_PRODUCT,
    Category.SALES: ContactCategory.COMPLAINT_SALES,
}


class ContactFact(models.TextChoices):
    """What a record states, as its category requires it (`formulas.REQUIRED_FACTS`)."""

    AREA = "area", _("area")
    BRAND = "brand", _("brand")
    PURCHASED_ON = "purchased_on", _("purchased on")
    MILEAGE = "mileage", _("mileage (km)")
    STATION = "station", _("station")
    VISITED_ON = "visited_on", _("date of visit")
    FAULT = "fault", _("fault")
    ASKED = "asked", _("what is asked")
    PLATE = "plate", _("plate")


# ── Quality, honesty ─────────────────────────────────────────────────────────────────────────────────────────────────
class QualityPoint(models.TextChoices):
    """What a call is judged by (通话品质)."""

    OPENING = "opening", _("Opening")
    WORDING = "wording", pgettext_lazy("call quality", "Wording")
    LISTENING = "listening", _("Listening")
    HANDLING = "handling", pgettext_lazy("call quality", "Handling")
    CLOSING = "closing", _("Closing")
    RECORD = "record", pgettext_lazy("call quality", "Record")


class HonestyKind(models.TextChoices):
    PHONE_CHANGED = "phone_changed", _("Phone changed after the order was opened")
    PHONE_OF_STAFF = "phone_of_staff", _("Phone of a member of staff")
    PHONE_SHARED = "phone_shared", _("One phone on many orders")
    SHORT_CALL = "short_call", _("Completed call too short to be true")
    UNREACHABLE = "unreachable", _("Many unreachable customers of one advisor")
    EXCLUDED = "excluded", _("Excluded from calls and surveys")


class Verdict(models.TextChoices):
    HARMLESS = "harmless", _("Harmless")
    SPOKEN = "spoken", _("Spoken about")
    WRONG = "wrong", pgettext_lazy("honesty", "Not in order")


VERDICT_TONES = {Verdict.HARMLESS: "success", Verdict.SPOKEN: "warning", Verdict.WRONG: "danger"}


# ── Showroom ─────────────────────────────────────────────────────────────────────────────────────────────────────────
class VisitSource(models.TextChoices):
    """How somebody who may buy a car came to us."""

    WALK_IN = "walk_in", _("Walk-in")
    PHONE = "phone", pgettext_lazy("showroom", "By telephone")
    WEB = "web", pgettext_lazy("showroom", "From the web")


class LeadLevel(models.TextChoices):
    """How soon a lead is likely to buy (意向级别); each has its follow-up interval (`settings.FOLLOW_UP_DAYS`)."""

    H = "H", _("H: buys within a week")
    A = "A", _("A: buys within two weeks")
    B = "B", _("B: buys within a month")
    C = "C", _("C: buys later")


class LeadState(models.TextChoices):
    OPEN = "open", pgettext_lazy("lead", "Followed up")
    WON = "won", pgettext_lazy("lead", "Won")
    LOST = "lost", pgettext_lazy("lead", "Lost")


LEAD_TONES = {LeadState.OPEN: "info", LeadState.WON: "success", LeadState.LOST: "neutral"}
LEVEL_TONES = {LeadLevel.H: "danger", LeadLevel.A: "warning", LeadLevel.B: "info", LeadLevel.C: "neutral"}


class LostReason(models.TextChoices):
    """Why somebody does not buy (未成交原因)."""

    PRICE = "price", _("Price too high")
    BRAND = "brand", _("Bought another brand")
    DEALER = "dealer", _("Bought from another dealer")
    STOCK = "stock", _("Model or colour not to be had")
    CREDIT = "credit", _("Credit not granted")
    POSTPONED = "postponed", _("Purchase postponed")
    SERVICE = "service", _("Displeased with us")
    UNREACHABLE = "unreachable", _("Not reached any more")


class TalkKind(models.TextChoices):
    VISIT = "visit", pgettext_lazy("showroom", "Visit")
    PHONE = "phone", pgettext_lazy("showroom", "By telephone")
    MESSAGE = "message", pgettext_lazy("showroom", "Message")
    TEST_DRIVE = "test_drive", _("Test drive")


IN_THE_HOUSE = (TalkKind.VISIT, TalkKind.TEST_DRIVE)
"""Talks for which the customer came; they count among the visitors."""


class LeadFact(models.TextChoices):
    """What the entry of a lead states; what is missing is shown at the supervisor's daily check."""

    NAME = "name", pgettext_lazy("lead", "name")
    PHONE = "phone", pgettext_lazy("lead", "phone")
    GENDER = "gender", pgettext_lazy("lead", "gender")
    FEATURES = "features", pgettext_lazy("lead", "features")
    MODEL = "model", pgettext_lazy("lead", "model of interest")
    FIRST_QUOTE = "first_quote", pgettext_lazy("lead", "first quote")
    CONSULTANT = "consultant", pgettext_lazy("lead", "sales consultant")
    TALK = "talk", pgettext_lazy("lead", "what was said")


# ── Care ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
class Occasion(models.TextChoices):
    """What a campaign is about."""

    FESTIVAL = "festival", _("Festival")
    SEASON = "season", _("Season check")
    WEATHER = "weather", _("Weather notice")
    RECALL = "recall", _("Recall notice")
    MEMBER_DAY = "member_day", _("Member day")
    OFFER = "offer", pgettext_lazy("campaign", "Offer")


class CampaignState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    RUNNING = "running", pgettext_lazy("campaign", "Started")
    WITHDRAWN = "withdrawn", pgettext_lazy("campaign", "Called off")


CAMPAIGN_TONES = {
    CampaignState.DRAFT: "neutral",
    CampaignState.RUNNING: "success",
    CampaignState.WITHDRAWN: "danger",
}

MEMBER_WORDS = {
    "reached": pgettext_lazy("campaign", "Reached"),
    "unreached": pgettext_lazy("campaign", "Not reached"),
    "waiting": pgettext_lazy("campaign", "Still to reach"),
    "left_out": pgettext_lazy("campaign", "Left out"),
    "came": pgettext_lazy("campaign", "Came"),
    "came_reached": pgettext_lazy("campaign", "Came, was reached"),
    "came_uncalled": pgettext_lazy("campaign", "Came before a call"),
}
"""What the effect of a campaign counts of its customers, in the words of its page (`queries.MEMBER_VIEWS`)."""
