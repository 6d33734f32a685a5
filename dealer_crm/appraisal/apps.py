from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppraisalConfig(AppConfig):
    name = "dealer_crm.appraisal"
    verbose_name = _("Appraisal")

    def ready(self):
        from dealer_crm.access.permissions import Permission
        from dealer_crm.appraisal import reports, settings, views  # noqa: F401 - they register themselves
        from dealer_crm.journal import guards, verbs
        from dealer_crm.ui import home, navigation
        from dealer_crm.ui.navigation import Entry, Group

        navigation.register(
            Entry(
                _("My score sheet"), "appraisal:own", Permission.SHEET_VIEW_OWN, "clipboard-list", Group.APPRAISAL, 15
            ),
            Entry(_("Score sheets"), "appraisal:sheets", Permission.SHEET_VIEW, "list-check", Group.APPRAISAL, 38),
            Entry(_("Appraisal scores"), "appraisal:scores", Permission.SCORE_CHANGE, "star", Group.APPRAISAL, 40),
            Entry(_("Scorecards"), "appraisal:cards", Permission.SCORECARD_VIEW, "list-details", Group.APPRAISAL, 42),
        )
        home.register(views.own_sheet_card, permission=Permission.SHEET_VIEW_OWN, order=6)
        home.register(views.entry_card, permission=Permission.SHEET_ENTER, order=43)
        home.register(views.review_card, permission=Permission.SHEET_REVIEW, order=44)
        home.register(views.sheet_appeals_card, permission=Permission.APPEAL_DECIDE, order=45)
        navigation.register(
            Entry(_("Site checks"), "appraisal:rounds", Permission.SITE_VIEW, "checkup-list", Group.APPRAISAL, 60),
            Entry(
                _("Findings of site checks"), "appraisal:findings", Permission.SITE_VIEW, "flag", Group.APPRAISAL, 61
            ),
            Entry(
                _("Check-lists of the site"),
                "appraisal:site_lists",
                Permission.SITE_VIEW,
                "list-check",
                Group.APPRAISAL,
                62,
            ),
            Entry(_("Training"), "appraisal:trainings", Permission.TRAINING_VIEW, "school", Group.APPRAISAL, 63),
            Entry(_("Service stars"), "appraisal:stars", Permission.STAR_VIEW, "stars", Group.APPRAISAL, 64),
        )
        home.register(views.site_cards.my_rounds_card, permission=Permission.SITE_CHECK, order=46)
        home.register(views.site_cards.my_findings_card, permission=Permission.SITE_VIEW, order=14)
        home.register(views.site_cards.my_trainings_card, permission=Permission.TRAINING_VIEW, order=60)
        guards.keep_business(Permission.SHEET_VIEW, "appraisal")
        verbs.register(
            {
                "site_list.kept": _("Site check-list kept"),
                "site_plan.made": _("Rounds planned"),
                "site_plan.ended": _("Plan of rounds ended"),
                "site_round.begun": _("Round begun"),
                "site_round.finished": _("Round finished"),
                "site_round.called_off": _("Round called off"),
                "site_finding.found": _("Found on a round"),
                "site_finding.remedied": _("Finding remedied"),
                "site_finding.sent_back": _("Finding sent back"),
                "site_finding.closed": _("Finding closed"),
                "site_finding.handed_on": _("Finding handed on"),
                "training.planned": _("Training planned"),
                "training.held": _("Training held"),
                "training.called_off": _("Training called off"),
                "star.chosen": _("Star chosen"),
                "star.taken_back": _("Choice of a star taken back"),
            }
        )
        verbs.register(
            {
                "score.set": _("Appraisal score entered"),
                "scorecard.installed": _("Shipped scorecard installed"),
                "scorecard.drafted": _("Version of a scorecard drafted"),
                "scorecard.changed": _("Draft of a scorecard changed"),
                "scorecard.item_kept": _("Item of a scorecard written"),
                "scorecard.item_removed": _("Item of a scorecard removed"),
                "scorecard.discarded": _("Draft of a scorecard thrown away"),
                "scorecard.adopted": _("Scorecard adopted"),
                "sheet.opened": _("Score sheet opened"),
                "sheet.counted": _("Score sheet counted again"),
                "sheet.handed_on": _("Score sheet handed on without self-score"),
                "sheet.self_scored": _("Self-score given"),
                "sheet.entered": _("Points entered"),
                "sheet.returned": _("Score sheet sent back"),
                "sheet.reviewed": _("Score sheet reviewed"),
                "sheet.appealed": _("Appeal against a score sheet made"),
                "sheet.appeal_accepted": _("Appeal against a score sheet accepted"),
                "sheet.appeal_rejected": _("Appeal against a score sheet rejected"),
            }
        )
