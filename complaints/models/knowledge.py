"""What was learnt from complaints: the knowledge base, major-incident reports, the files of closed cases.

Source: spec `complaints.md`, "Knowledge base", "Reports".
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import Category
from complaints.models.cases import Complaint
from dealer_crm.organization.models import Staff, Store, StoreOwned


class KnowledgeEntry(models.Model):
    """One phenomenon with what to do about it. What colleagues read is `current`, the version approved last."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="knowledge")
    category = models.CharField(_("category"), max_length=10, choices=Category)
    current = models.OneToOneField(
        "KnowledgeVersion", models.PROTECT, verbose_name=_("version in force"), null=True, blank=True, related_name="+"
    )
    source = models.OneToOneField(
        Complaint, models.PROTECT, verbose_name=_("drawn from"), null=True, blank=True, related_name="knowledge"
    )
    used_count = models.PositiveIntegerField(_("times used"), default=0)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    created_at = models.DateTimeField(_("written at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Queries(StoreOwned):
        def in_force(self):
            return self.filter(current__isnull=False, withdrawn_at=None)

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("knowledge entry")
        verbose_name_plural = _("knowledge base")
        ordering = ["-used_count", "-id"]
        indexes = [
            models.Index(
                fields=["store", "category", "-used_count"],
                name="knowledge_offered",
                condition=Q(current__isnull=False, withdrawn_at=None),
            ),
        ]

    def __str__(self):
        return str(self.current or self.pk)


class KnowledgeVersion(models.Model):
    """A wording of an entry; the supervisor approves it, then it is the one in force."""

    entry = models.ForeignKey(KnowledgeEntry, models.CASCADE, verbose_name=_("entry"), related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    phenomenon = models.CharField(_("phenomenon"), max_length=200)
    cause = models.TextField(_("cause"), blank=True)
    remedy = models.TextField(_("remedy"))
    wording = models.TextField(_("what to say"), blank=True)
    written_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("written by"), null=True, related_name="+")
    written_at = models.DateTimeField(_("written at"))
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of a knowledge entry")
        verbose_name_plural = _("versions of knowledge entries")
        ordering = ["entry", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="one_knowledge_version_per_number"),
            models.CheckConstraint(
                condition=~Q(phenomenon="") & ~Q(remedy=""), name="knowledge_says_what_and_what_to_do"
            ),
        ]

    def __str__(self):
        return self.phenomenon


class IncidentReport(models.Model):
    """重大投诉报告: what people say of a major complaint beside what the case knows. Each saving is a new version."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="incidents")
    number = models.PositiveIntegerField(_("version"))
    course = models.TextField(_("course of events"))
    cause = models.TextField(_("cause"))
    measures = models.TextField(_("measures"))
    lessons = models.TextField(_("lessons"))
    written_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("written by"), related_name="+")
    written_at = models.DateTimeField(_("written at"))

    class Queries(StoreOwned):
        store_path = "complaint__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("major-incident report")
        verbose_name_plural = _("major-incident reports")
        ordering = ["complaint", "-number"]
        constraints = [models.UniqueConstraint(fields=["complaint", "number"], name="one_incident_report_per_version")]

    def __str__(self):
        return f"{self.complaint} #{self.number}"


class Filing(models.Model):
    """归档: where the paper of a closed case stands, and who put it there."""

    complaint = models.OneToOneField(Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="filing")
    place = models.CharField(_("place in the archive"), max_length=80, blank=True)
    filed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("filed by"), null=True, related_name="+")
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        verbose_name = _("filing")
        verbose_name_plural = _("filings")
        ordering = ["-filed_at"]

    def __str__(self):
        return str(self.complaint)
