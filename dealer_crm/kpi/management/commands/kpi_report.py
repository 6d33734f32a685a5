from dealer_crm.reporting.management.month_report import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the KPI workbook of a store's month."
    code = "kpi"
