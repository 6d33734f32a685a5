"""Sheets 客户, 车辆, 工单, 工单项目, 收款, 事故定损 of the import workbook. Source: spec `interfaces.md`.

Each `write` is the bulk action of its sheet: it runs inside the transaction of the import, after everything has been
checked; the journal is written by the import itself (`dealer_crm.importing.actions`).
"""

from reception.resources import customers, money, orders  # noqa: F401
