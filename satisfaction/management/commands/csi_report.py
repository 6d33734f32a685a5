from dealer_crm.reporting.management.month_report import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the CSI workbook of one store and month."
    code = "csi"
