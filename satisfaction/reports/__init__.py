"""The reports of satisfaction: the CSI workbook, and what is made by itself each week, month and quarter."""

from satisfaction.reports.csi import csi_report
from satisfaction.reports.cycle import monthly_analysis, target_review, weekly_factors

__all__ = ["csi_report", "monthly_analysis", "target_review", "weekly_factors"]
