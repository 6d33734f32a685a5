from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.reporting.choices import EDITIONS, TONES, ReportState


class KeptReport(models.Model):
    """A report as it was made at a moment, kept so that nobody argues later what it said.

    `edition` tells the makings of one month apart ("first" on the 1st, "final" on the 5th, "by_hand" …); one row for
    each, enforced by the database, so that a repeated job makes nothing twice. `inputs_at`: as of when it speaks.
    """

    code = models.CharField(_("report"), max_length=40)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="kept_reports")
    period = models.CharField(_("period"), max_length=10)
    edition = models.CharField(_("edition"), max_length=20)
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.OWED)
    owed_at = models.DateTimeField(_("owed since"))
    claimed_at = models.DateTimeField(_("taken in hand"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("why it could not be made"), max_length=300, blank=True)
    inputs_at = models.DateTimeField(_("state of the data"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    made_by = models.ForeignKey(
        Staff,
        models.PROTECT,
        verbose_name=pgettext_lazy("of a report", "made by"),
        null=True,
        blank=True,
        related_name="+",
    )
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    content = models.BinaryField(_("content"), null=True, editable=False)

    class Queries(StoreOwned):
        def without_file(self):
            return self.defer("content")

        def made(self):
            return self.filter(state=ReportState.MADE)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("kept report")
        verbose_name_plural = _("kept reports")
        ordering = ["-period", "code", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["code", "store", "period", "edition"], name="one_kept_report_per_edition"),
            models.CheckConstraint(
                condition=~Q(state=ReportState.MADE)
                | Q(content__isnull=False, made_at__isnull=False, inputs_at__isnull=False),
                name="made_report_is_there",
            ),
        ]
        indexes = [models.Index("owed_at", name="report_owed", condition=Q(state=ReportState.OWED))]

    def __str__(self):
        return f"{self.code} {self.period} {self.edition}"

    @property
    def edition_label(self) -> str:
        return str(EDITIONS.get(self.edition, self.edition))

    @property
    def tone(self) -> str:
        return TONES[ReportState(self.state)]


class Export(models.Model):
    """A list somebody takes out as a workbook: ordered, then made by whoever comes (page, worker, sweep), kept for a
    day. `asked` is the filter of the list as it stood in the address."""

    code = models.CharField(_("list"), max_length=40)
    asked = models.TextField(_("filter"), blank=True)
    with_phones = models.BooleanField(_("phones in full"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.OWED)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("taken out by"), related_name="exports")
    ordered_at = models.DateTimeField(_("ordered at"))
    claimed_at = models.DateTimeField(_("taken in hand"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    failure = models.CharField(_("why it could not be made"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("made"), null=True, blank=True)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    file_name = models.CharField(_("file"), max_length=120, blank=True)
    content = models.BinaryField(_("content"), null=True, editable=False)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReportState.MADE) | Q(content__isnull=False, made_at__isnull=False),
                name="made_export_has_its_file",
            )
        ]
        indexes = [
            models.Index(fields=["made_by", "-id"], name="export_of_person"),
            models.Index("ordered_at", name="export_owed", condition=Q(state=ReportState.OWED)),
        ]

    def __str__(self):
        return self.file_name or self.code

    @property
    def tone(self) -> str:
        return TONES[ReportState(self.state)]


class Progress(models.Model):
    """How far a long piece of work has come, for the page that waits for it. Written beside the work's own transaction
    (see `reporting.progress`), so it says nothing about whether the work will succeed."""

    key = models.CharField(_("work"), max_length=60, primary_key=True)
    percent = models.PositiveSmallIntegerField(_("progress (%)"), default=0)
    text = models.CharField(_("at work on"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="progress_at_most_full")]

    def __str__(self):
        return f"{self.key} {self.percent} %"
