from dealer_crm.reporting.commands import MonthReportCommand


class Command(MonthReportCommand):
    help = "Write the complaint workbook of one store and month."
    code = "complaints"
