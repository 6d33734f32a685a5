from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "dealer_crm.reporting"
    verbose_name = _("Reports")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.journal import verbs
        from dealer_crm.reporting.views import reports_card
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group

        verbs.register(
            {
                "report.ordered": _("Report ordered"),
                "report.made": _("Report made"),
                "report.exported": _("Report taken out"),
                "export.ordered": _("List taken out, phones masked"),
                "export.ordered_with_phones": _("List taken out with phones in full"),
                "export.fetched": _("File of a list fetched"),
                "paper.printed": _("Paper pack printed"),
            }
        )
        home.register(reports_card, permission=Permission.REPORT_VIEW, order=70)
        # Every app registers its reports in its own reports.py.
        autodiscover_modules("reports")
        navigation.register(
            Entry(
                _("Reports"), "reporting:reports", Permission.REPORT_VIEW, icon="report-analytics", group=Group.REPORTS,
                order=10,
            ),
            Entry(
                _("Paper pack"), "reporting:paper", Permission.PAPER_PRINT, icon="printer", group=Group.RECEPTION,
                order=90,
            ),
            Entry(
                _("Lists taken out"), "reporting:exports", Permission.EXPORT_VIEW, icon="file-export",
                group=Group.REPORTS, order=90,
            ),
        )  # fmt: skip
