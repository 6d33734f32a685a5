"""Words of the workshop."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.choices import WORKSHOP_TEAMS as WORKSHOP_TEAMS
from dealer_crm.organization.choices import TeamKind
from reception.choices import OrderKind, OrderState, Skill, WaitReason


class JobState(models.TextChoices):
    QUEUED = "queued", _("To be dispatched")
    ASSIGNED = "assigned", _("Assigned")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")


OPEN_JOBS = (JobState.QUEUED, JobState.ASSIGNED, JobState.RUNNING, JobState.PAUSED)

# Jobs a technician has before them.
IN_HAND = (JobState.ASSIGNED, JobState.RUNNING, JobState.PAUSED)

JOB_TONES = {
    JobState.QUEUED: "neutral",
    JobState.ASSIGNED: "info",
    JobState.RUNNING: "primary",
    JobState.PAUSED: "warning",
    JobState.FINISHED: "success",
    JobState.CANCELLED: "danger",
}


class PauseReason(models.TextChoices):
    PARTS = "parts", _("Waiting for parts")
    CUSTOMER = "customer", _("Waiting for the customer")
    MEAL = "meal", _("Meal")
    OTHER = "other", _("Other")


class InspectionLevel(models.TextChoices):
    """三级检验."""

    SELF = "self", _("Self-check")  # 自检
    TEAM = "team", _("Team leader's check")  # 互检/班组长检
    FINAL = "final", _("Final inspection")  # 终检


class InspectionResult(models.TextChoices):
    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Failed")

    @property
    def tone(self) -> str:
        return "success" if self is InspectionResult.PASSED else "danger"


class Responsibility(models.TextChoices):
    """Who answers for a comeback (外返)."""

    TEAM = "team", _("Team")
    TECHNICIAN = "technician", _("Technician")
    PARTS = "parts", _("Parts")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    NONE = "none", _("Nobody")


# Who answers for a line of the original order, which is then named.
LINE_ANSWERS = (Responsibility.TEAM, Responsibility.TECHNICIAN, Responsibility.PARTS)


class NotCounted(models.TextChoices):
    """Why labour of a comeback counts for no team (commission.md, rule C)."""

    PAYER = "payer", _("nobody pays for it (internal or free)")
    FAULT = "fault", _("this team answers for the comeback")
    NOBODY = "nobody", _("credited to no team")


class BayKind(models.TextChoices):
    MECHANICAL = "mechanical", _("Mechanical bay")
    BODY = "body", _("Body bay")
    PAINT = "paint", _("Paint booth")
    WASH = "wash", _("Wash bay")
    INSPECTION = "inspection", _("Inspection bay")


class ToolKind(models.TextChoices):
    TOOL = "tool", _("Tool")
    SPECIAL = "special", _("Special tool")
    EQUIPMENT = "equipment", _("Equipment")
    GAUGE = "gauge", _("Measuring device")


class ToolState(models.TextChoices):
    INTACT = "intact", pgettext_lazy("tool", "Intact")
    DEFECTIVE = "defective", pgettext_lazy("tool", "Defective")
    REPAIR = "repair", pgettext_lazy("tool", "In repair")
    SCRAPPED = "scrapped", pgettext_lazy("tool", "Scrapped")


TOOL_TONES = {
    ToolState.INTACT: "success",
    ToolState.DEFECTIVE: "danger",
    ToolState.REPAIR: "warning",
    ToolState.SCRAPPED: "neutral",
}


class Stage(models.TextChoices):
    """Where a car stands on the progress board (维修进度看板), from left to right."""

    QUEUE = "queue", _("To be dispatched")
    DISPATCHED = "dispatched", _("Dispatched")
    WORK = "work", _("In progress")
    WAITING = "waiting", _("Waiting")
    INSPECTION = "inspection", _("In inspection")
    READY = "ready", _("Ready for delivery")


class Stay(models.TextChoices):
    """What a car's time in the house is made of, from the order to the key."""

    QUEUE = "queue", _("To be dispatched")
    DISPATCHED = "dispatched", _("Dispatched")
    WORK = "work", _("In progress")
    WAITING = "waiting", _("Waiting")
    INSPECTION = "inspection", _("In inspection")
    READY = "ready", _("Ready, to be settled")
    SETTLED = "settled", _("Settled, to be handed over")


DISPATCHED_VERB = "repair_order.dispatched"

# The order's deeds in the journal with which a stay begins; settling and delivery stand on the order itself.
STAY_BEGINS = {
    "repair_order.opened": Stay.QUEUE,
    DISPATCHED_VERB: Stay.DISPATCHED,
    "repair_order.started": Stay.WORK,
    "repair_order.waiting": Stay.WAITING,
    "repair_order.resumed": Stay.WORK,
    "repair_order.sent_to_inspection": Stay.INSPECTION,
    "repair_order.returned_to_work": Stay.WORK,
    "repair_order.ready": Stay.READY,
}


class Counted(models.TextChoices):
    """What the workshop's measures are counted from."""

    JOBS = "jobs", _("Jobs finished")
    COMPLETED = "completed", _("Orders that passed their final inspection")
    BAYS = "bays", _("Repair bays in use")
    SOLD = "sold", _("Standard hours sold")
    CLOCKED = "clocked", _("Hours clocked")
    ATTENDED = "attended", _("Hours attended")
    CLOCKED_THERE = "clocked_there", _("Hours clocked by those whose attendance is on record")
    INSPECTED = "inspected", _("Orders inspected")
    FAILED = "failed", _("Orders that failed an inspection")
    DELIVERED = "delivered", _("Orders delivered")
    CAME_BACK = "came_back", _("Orders delivered that came back for the same fault")
    SETTLED = "settled", _("Orders settled")
    COMEBACKS = "comebacks", _("Comebacks that count")
    DAYS = "days", _("Working days")


# Counts of hours; of all others every thing counts once.
HOURS = (Counted.SOLD, Counted.CLOCKED, Counted.ATTENDED, Counted.CLOCKED_THERE)


class MeasureUnit(models.TextChoices):
    SHARE = "share", _("%")
    PER_DAY = "per_day", pgettext_lazy("unit", "a day")


# Bays in which cars are repaired.
REPAIR_BAYS = (BayKind.MECHANICAL, BayKind.BODY, BayKind.PAINT)

STAGES = {
    OrderState.OPEN: Stage.QUEUE,
    OrderState.DISPATCHED: Stage.DISPATCHED,
    OrderState.IN_PROGRESS: Stage.WORK,
    OrderState.WAITING: Stage.WAITING,
    OrderState.INSPECTION: Stage.INSPECTION,
    OrderState.READY: Stage.READY,
    OrderState.SETTLED: Stage.READY,
}

# Order states in which a car is not ready yet, so that its promise can still be missed.
NOT_READY = tuple(state for state, stage in STAGES.items() if stage != Stage.READY)

# Order states in which jobs may be given out, started and finished.
OPEN_FOR_WORK = NOT_READY

# What a work asks of a technician when the operations catalogue doesn't know its code; mechanics for all other types.
SKILL_OF_KIND = {
    OrderKind.MAINTENANCE: Skill.MAINTENANCE,
    OrderKind.FIRST_SERVICE: Skill.MAINTENANCE,
    OrderKind.CAMPAIGN: Skill.MAINTENANCE,
    OrderKind.PDI: Skill.MAINTENANCE,
    OrderKind.ACCIDENT: Skill.BODY,
    OrderKind.ACCESSORY: Skill.FITTING,
}
# Which kind of team does it, and in which kind of bay; mechanical for all other skills.
TEAM_OF_SKILL = {
    Skill.BODY: TeamKind.BODY_PAINT,
    Skill.PAINT: TeamKind.BODY_PAINT,
    Skill.FITTING: TeamKind.INSTALLATION,
}
BAY_OF_SKILL = {Skill.BODY: BayKind.BODY, Skill.PAINT: BayKind.PAINT}

# What a pause makes of the order when nobody else works on the car.
WAIT_REASONS = {PauseReason.PARTS: WaitReason.PARTS, PauseReason.CUSTOMER: WaitReason.CUSTOMER}

# What a story tells once: the order's deed is left out where a job's of the same moment says which work and by whom,
# and the last check where the order says that it is finished (竣工).
TOLD_BY = {
    "repair_order.dispatched": ("job.dispatched",),
    "repair_order.lines_changed": ("job.dispatched",),  # the teams that were credited
    "repair_order.started": ("job.started",),
    "repair_order.waiting": ("job.paused",),
    "repair_order.resumed": ("job.resumed", "job.started", "job.joined"),
    "repair_order.returned_to_work": ("inspection.failed",),
    "inspection.passed": ("repair_order.ready",),
}

# What the journal's verbs are called on screen.
VERBS = {
    "job.dispatched": _("Work dispatched"),
    "job.reassigned": _("Work given to others"),
    "job.cancelled": _("Work called off"),
    "job.started": _("Work started"),
    "job.paused": _("Work paused"),
    "job.resumed": _("Work resumed"),
    "job.finished": _("Work finished"),
    "job.joined": _("Help with work begun"),
    "job.left": _("Help with work ended"),
    "clock.closed_at_shift_end": _("Forgotten clock closed"),
    "clock.corrected": _("Clock corrected"),
    "check_list.changed": _("Check-list changed"),
    "inspection.passed": _("Inspection passed"),
    "inspection.failed": _("Inspection failed"),
    "comeback.decided": _("Comeback decided"),
    "comeback.decided_again": _("Comeback decided anew"),
    "consumables.issued": _("Consumables issued"),
    "consumables.taken_back": _("Consumables taken back"),
    "deduction.entered": _("Hour deduction entered"),
    "deduction.approved": _("Hour deduction approved"),
    "deduction.declined": _("Hour deduction declined"),
    "bay.opened": _("Bay entered"),
    "bay.changed": _("Bay changed"),
    "shift.planned": _("Shifts planned"),
    "technician.skills_set": _("Skills set"),
    "attendance.came": _("Came to work"),
    "attendance.left": _("Went home"),
    "attendance.entered": _("Attendance entered"),
    "attendance.corrected": _("Attendance corrected"),
    "attendance.struck": _("Attendance struck"),
    "attendance.closed_at_shift_end": _("Forgotten attendance closed"),
    "tool.entered": _("Tool entered"),
    "tool.changed": _("Tool changed"),
    "tool.reported": _("Tool reported on"),
}
