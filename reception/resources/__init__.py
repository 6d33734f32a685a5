"""Sheets 客户, 车辆, 工单, 工单项目, 收款, 事故定损, 配件目录 of the import workbook. Source: spec `interfaces.md`.

Each `write` is the bulk action of its sheet: it runs inside the transaction of the import, after everything has been
checked; the journal is written by the import itself (`dealer_crm.importing.actions`).
"""

from dealer_crm.importing.sheets import fills, follows
from reception.models import Customer, CustomerClass, CustomerPhone, Flaw, Receivable
from reception.resources import customers, money, orders, parts  # noqa: F401

# What the program finds or works out of itself about rows that came in goes with them.
follows(Flaw, "customer")
follows(Flaw, "vehicle")
follows(Flaw, "phone")
follows(CustomerClass, "customer")
follows(Receivable, "order")
fills(Customer, "value_class")
fills(CustomerPhone, "wrong_since")
