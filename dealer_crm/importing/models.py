from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.importing.choices import OWED, TONES, RunState
from dealer_crm.organization.models import Staff, Store, StoreOwned


class ImportRunQuerySet(StoreOwned):
    def without_file(self):
        """For lists and pages: the file and the long lists stay in the database."""
        return self.defer("content", "problems", "notices", "changes")

    def owed(self):
        """Runs the program has to go on with: somebody waits for the check, or has confirmed."""
        return self.filter(state__in=OWED)


class ImportRun(models.Model):
    """One workbook somebody brought: the file, what it would change, and how far it has come.

    The difference is stored when the file has been checked; confirming writes exactly that difference (`fingerprint`).
    `problems` and `notices` are lists of `Problem`, `changes` is sheet → shown rows of the difference.
    """

    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="import_runs"
    )
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(_("content"), editable=False)
    content_size = models.PositiveIntegerField(_("size (bytes)"), default=0)
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.WAITING)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    counts = models.JSONField(_("rows by sheet"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    notices = models.JSONField(_("notices"), default=list, blank=True)
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
        ]
        indexes = [
            models.Index(fields=["store", "-id"], name="import_of_store"),
            models.Index("claimed_at", name="import_owed", condition=Q(state__in=OWED)),
        ]

    def __str__(self):
        return self.file_name

    @property
    def tone(self) -> str:
        return TONES[RunState(self.state)]

    @property
    def is_owed(self) -> bool:
        return self.state in OWED
