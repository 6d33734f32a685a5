from dealer_crm.reporting.management.month_report import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the complaint workbook of one store and month."
    code = "complaints"
