from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.importing.choices import OWED, TONES, RunState
from dealer_crm.organization.models import Staff, Store, StoreOwned


class ImportRunQuerySet(StoreOwned):
    def without_file(self):
        """For lists and pages: the file and the long lists stay in the database."""
        return self.defer("content", "problems", "notices", "changes")

    def owed(self):
        """Runs the program has to go on with: somebody waits for the check, or has confirmed."""
        return self.filter(state__in=OWED)


class ImportSource(models.Model):
    """Where a kind of file comes from (上汽DMS 工单导出), and how its columns are ours.

    `layout` is a `dealer_crm.importing.layout.Layout` as JSON; it is recognised by its header rows. A source without a
    store belongs to the group.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="import_sources"
    )
    name = models.CharField(_("name of the source"), max_length=60)
    layout = models.JSONField(_("columns"), default=dict)
    changed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("assigned by"), related_name="+")
    changed_at = models.DateTimeField(_("assigned at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("source of files")
        verbose_name_plural = _("sources of files")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["store", "name"], name="one_source_of_a_name", nulls_distinct=False)
        ]

    def __str__(self):
        return self.name


class ImportRun(models.Model):
    """One workbook somebody brought: the file, what it would change, and how far it has come.

    The difference is stored when the file has been checked; confirming writes exactly that difference (`fingerprint`).
    `problems` and `notices` are lists of `Problem`, `changes` is sheet → shown rows of the difference.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="import_runs"
    )
    source = models.ForeignKey(
        ImportSource, models.SET_NULL, verbose_name=_("source of the file"), null=True, blank=True, related_name="runs"
    )
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), editable=False)
    content_size = models.PositiveIntegerField(_("size (bytes)"), default=0)
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.WAITING)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    counts = models.JSONField(_("rows by sheet"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    notices = models.JSONField(pgettext_lazy("of an import", "notices"), default=list, blank=True)
    changes = models.JSONField(_("difference"), default=dict, blank=True)
    problem_count = models.PositiveIntegerField(_("number of problems"), default=0)
    fingerprint = models.CharField(_("fingerprint of the difference"), max_length=64, blank=True)
    brought_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("brought by"), related_name="+")
    brought_at = models.DateTimeField(_("brought"))
    claimed_at = models.DateTimeField(_("taken in hand"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("confirmed by"), null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    done_at = models.DateTimeField(_("imported"), null=True, blank=True)
    undone_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("taken back by"), null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    undo_reason = models.CharField(_("why it was taken back"), max_length=200, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.CONFIRMED, RunState.WRITING, RunState.DONE])
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="written_import_was_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | Q(done_at__isnull=False), name="done_import_has_its_time"
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.UNDONE)
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason="")),
                name="undone_import_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "-id"], name="import_of_store"),
            models.Index("claimed_at", name="import_owed", condition=Q(state__in=OWED)),
            models.Index(fields=["store", "-done_at"], name="import_to_undo", condition=Q(state=RunState.DONE)),
        ]

    def __str__(self):
        return self.file_name

    @property
    def tone(self) -> str:
        return TONES[RunState(self.state)]

    @property
    def is_owed(self) -> bool:
        return self.state in OWED


class RowImage(models.Model):
    """What an import did to one row of the database, kept so that it can be taken back.

    `before` and `after` hold the columns that changed, as JSON of the row; both empty: the import made the row; only
    `before`, whole: it took the row away. `digest` is of the whole row after the import: as long as the row still has
    it, nobody has touched it. Written and read set by set in SQL (`dealer_crm.importing.actions.images`).
    """

    run = models.ForeignKey(ImportRun, models.CASCADE, verbose_name=_("import"), related_name="images")
    table = models.CharField(_("table"), max_length=63)
    row = models.BigIntegerField(_("row"))
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    digest = models.CharField(_("digest"), max_length=32, blank=True)

    class Meta:
        verbose_name = _("image of a row")
        verbose_name_plural = _("images of rows")
        constraints = [models.UniqueConstraint(fields=["run", "table", "row"], name="one_image_per_row")]

    def __str__(self):
        return f"{self.table} {self.row}"
