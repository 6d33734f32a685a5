from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "queued", _("To be dispatched")
    ASSIGNED = "assigned", _("Assigned")
    RUNNING = "running", _("Running")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    CANCELLED = "cancelled", _("Cancelled")


OPEN_JOBS = (JobState.QUEUED, JobState.ASSIGNED, JobState.RUNNING, JobState.PAUSED)

JOB_TONES = {
    JobState.QUEUED: "secondary",
    JobState.ASSIGNED: "blue",
    JobState.RUNNING: "green",
    JobState.PAUSED: "orange",
    JobState.FINISHED: "teal",
    JobState.CANCELLED: "red",
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


class Responsibility(models.TextChoices):
    """Who answers for a comeback (外返)."""

    TEAM = "team", _("Team")
    TECHNICIAN = "technician", _("Technician")
    PARTS = "parts", _("Parts")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    NONE = "none", _("Nobody")
