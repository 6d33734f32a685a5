from dealer_crm.reporting.commands import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the CSI workbook of one store and month."
    code = "csi"
