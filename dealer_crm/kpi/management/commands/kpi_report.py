from dealer_crm.reporting.commands import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the KPI workbook of a store's month."
    code = "kpi"
