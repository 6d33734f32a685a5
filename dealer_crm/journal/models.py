from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the journal: who did what to which thing, when, from what to what.

    Ids are text and there are no foreign keys, so an entry outlives everything it speaks of. Rows are only ever
    added; a trigger refuses UPDATE and DELETE. Source: spec `people-and-roles.md` (audit).
    """

    at = models.DateTimeField(_("when"))
    by_id = models.CharField(_("person (id)"), max_length=40, blank=True)
    by_name = models.CharField(_("person"), max_length=80, blank=True)
    store_code = models.CharField(_("store"), max_length=20, blank=True)
    verb = models.CharField(_("what was done"), max_length=60)
    subject_type = models.CharField(_("kind of thing"), max_length=60)
    subject_id = models.CharField(_("thing (id)"), max_length=60)
    subject_label = models.CharField(_("thing"), max_length=120)
    changes = models.JSONField(_("from what to what"), default=dict, blank=True)
    note = models.TextField(_("note"), blank=True)
    origin = models.CharField(_("from where"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="entry_subject"),
            models.Index(fields=["store_code", "-at", "-id"], name="entry_store_moment"),
            models.Index(fields=["-at", "-id"], name="entry_moment"),
            models.Index(fields=["by_id", "-at", "-id"], name="entry_person"),
        ]

    def __str__(self):
        return f"{self.at:%F %T} {self.by_name} {self.verb} {self.subject_label}"
