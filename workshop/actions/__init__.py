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
from workshop.actions.checklists import change_check_list
from workshop.actions.clock import finish_job, join_job, leave_job, pause_job, resume_job, start_job
from workshop.actions.comebacks import decide_comeback
from workshop.actions.consumables import Article, issue_articles, issue_consumables, take_back_consumables
from workshop.actions.corrections import close_forgotten_clocks, correct_clock
from workshop.actions.deductions import approve_deduction, decline_deduction, deduct_hours
from workshop.actions.dispatch import Assignment, cancel_job, dispatch_order, reassign_job
from workshop.actions.inspections import inspect_order
from workshop.actions.jobs import split_labour
from workshop.actions.promises import warn_of_promise
from workshop.actions.shifts import ShiftChange, copy_week, plan_shifts
from workshop.actions.skills import set_skills
from workshop.actions.tools import change_tool, enter_tool, report_tool

__all__ = [
    "Article",
    "Assignment",
    "ShiftChange",
    "approve_deduction",
    "cancel_job",
    "change_bay",
    "change_check_list",
    "change_tool",
    "close_forgotten_attendance",
    "close_forgotten_clocks",
    "come",
    "copy_week",
    "correct_attendance",
    "correct_clock",
    "decide_comeback",
    "decline_deduction",
    "deduct_hours",
    "dispatch_order",
    "enter_attendance",
    "enter_tool",
    "finish_job",
    "inspect_order",
    "issue_articles",
    "issue_consumables",
    "join_job",
    "leave",
    "leave_job",
    "open_bay",
    "pass_on_answer",
    "pause_job",
    "plan_shifts",
    "reassign_job",
    "report_tool",
    "resume_job",
    "set_skills",
    "split_labour",
    "start_job",
    "strike_attendance",
    "take_back_consumables",
    "warn_of_promise",
]
