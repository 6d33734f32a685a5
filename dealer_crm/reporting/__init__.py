"""Reports: one object becomes a page, a workbook and a CSV file; monthly ones are kept as they were made.

from dealer_crm.reporting import Column, Kind, Report, Sheet
"""

from dealer_crm.reporting.report import Column, Kind, Report, Sheet, Told

__all__ = ["Column", "Kind", "Report", "Sheet", "Told"]
