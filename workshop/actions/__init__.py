"""What can be done in the workshop: lock → refuse → change → journal → announce."""

from workshop.actions.answers import pass_on_answer
from workshop.actions.attendance import (
    close_forgotten_attendance,
    come,
    correct_attendance,
    enter_attendance,
    leave,
    strike_attendance,
)
from workshop.actions.bays import change_bay, open_bay
from workshop.actions.clock import close_forgotten_clocks, finish_job, pause_job, resume_job, start_job
from workshop.actions.comebacks import decide_comeback
from workshop.actions.consumables import issue_consumables
from workshop.actions.deductions import approve_deduction, decline_deduction, deduct_hours
from workshop.actions.dispatch import Assignment, cancel_job, dispatch_order, reassign_job, split_labour
from workshop.actions.inspections import inspect_order
from workshop.actions.promises import warn_of_promise
from workshop.actions.shifts import ShiftChange, copy_week, plan_shifts
from workshop.actions.skills import set_skills
from workshop.actions.tools import change_tool, enter_tool, report_tool

__all__ = [
    "Assignment",
    "approve_deduction",
    "cancel_job",
    "change_bay",
    "close_forgotten_clocks",
    "decide_comeback",
    "decline_deduction",
    "deduct_hours",
    "dispatch_order",
    "finish_job",
    "inspect_order",
    "issue_consumables",
    "ShiftChange",
    "change_tool",
    "close_forgotten_attendance",
    "come",
    "copy_week",
    "correct_attendance",
    "enter_attendance",
    "enter_tool",
    "leave",
    "open_bay",
    "plan_shifts",
    "report_tool",
    "set_skills",
    "strike_attendance",
    "pass_on_answer",
    "pause_job",
    "reassign_job",
    "resume_job",
    "split_labour",
    "start_job",
    "warn_of_promise",
]
