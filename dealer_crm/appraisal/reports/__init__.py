"""The month's workbooks: score sheets, site checks with training."""

from dealer_crm.appraisal.reports import sheets, site  # noqa: F401 - they register themselves
