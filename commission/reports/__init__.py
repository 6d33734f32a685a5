"""Workbooks of pay: a month's run, its pay statements, a dry run of a plan version."""

from commission.reports.pay import pay_report
from commission.reports.plans import dry_run_report
from commission.reports.runs import commission_report, run_report

__all__ = ["commission_report", "dry_run_report", "pay_report", "run_report"]
