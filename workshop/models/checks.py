"""Inspections and comebacks. Source: spec `workshop.md` (Three-level inspection, External comeback)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.files.models import StoredFile
from dealer_crm.organization.models import Staff, Store, StoreOwned, Team
from reception.choices import OrderKind
from reception.models import OrderLine, RepairOrder
from workshop.choices import InspectionLevel, InspectionResult, Responsibility
from workshop.models.jobs import Job


class CheckList(models.Model):
    """What a check of one level goes through from a day on, for one type of order or (empty) for every type.

    The row in force is the latest that started. No points for a type: that of every type holds for it again.
    """

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="check_lists")
    level = models.CharField(_("level"), max_length=8, choices=InspectionLevel)
    order_kind = models.CharField(_("order type"), max_length=16, choices=OrderKind, blank=True)
    points = ArrayField(
        models.CharField(max_length=60), verbose_name=pgettext_lazy("check-list", "points"), default=list, blank=True
    )
    starts_on = models.DateField(_("holds from"))
    changed_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("changed by"), null=True, related_name="+")
    changed_at = models.DateTimeField(_("changed at"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("check-list")
        verbose_name_plural = _("check-lists")
        ordering = ["store", "level", "order_kind", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "level", "order_kind", "starts_on"], name="one_check_list_per_subject_and_start"
            ),
            models.CheckConstraint(condition=~Q(order_kind="") | ~Q(points=[]), name="general_check_list_has_points"),
        ]

    def __str__(self):
        return f"{self.get_level_display()} {self.get_order_kind_display()}".strip()


class InspectionQuerySet(StoreOwned):
    store_path = "order__store"

    def passed(self):
        return self.filter(result=InspectionResult.PASSED)


class Inspection(models.Model):
    """One check of one level (三级检验); a failed one is an internal rework (内返) that names who answers."""

    order = models.ForeignKey(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="inspections")
    level = models.CharField(_("level"), max_length=8, choices=InspectionLevel)
    job = models.ForeignKey(
        Job, models.CASCADE, verbose_name=_("job"), null=True, blank=True, related_name="self_checks"
    )  # the job a self-check speaks of
    result = models.CharField(_("result"), max_length=8, choices=InspectionResult)
    inspected_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("inspected by"), related_name="inspections")
    inspected_at = models.DateTimeField(_("inspected"))
    # Point → in order (true), not in order (false) or does not apply to this car (null).
    checklist = models.JSONField(_("checklist"), default=dict, blank=True)
    defects = models.TextField(_("defects"), blank=True)
    responsible = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("responsible person"), null=True, blank=True, related_name="+"
    )

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result=InspectionResult.PASSED) | ~Q(defects=""),
                name="failed_inspection_says_why",
                violation_error_message=_("Say what failed."),
            )
        ]
        indexes = [
            models.Index("order", "level", name="inspection_of_order"),
            models.Index("inspected_at", name="inspection_time"),
        ]

    def __str__(self):
        return f"{self.get_level_display()} {self.get_result_display()}"

    @property
    def store(self) -> Store:
        return self.order.store

    @property
    def tone(self) -> str:
        return InspectionResult(self.result).tone


class DefectPhoto(models.Model):
    """A picture of what an inspection found wrong."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, verbose_name=_("inspection"), related_name="photos")
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="+")

    class Meta:
        verbose_name = _("photo of a defect")
        verbose_name_plural = _("photos of defects")
        ordering = ["id"]

    def __str__(self):
        return str(self.inspection)


class ComebackDecision(models.Model):
    """Whether a comeback (外返) counts, and who answers; decided by the inspector with the written standard."""

    order = models.OneToOneField(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="comeback_decision")
    original_line = models.ForeignKey(
        OrderLine, models.SET_NULL, verbose_name=_("line of the original order"), null=True, blank=True,
        related_name="comebacks",
    )  # fmt: skip
    is_accepted = models.BooleanField(_("counts as a comeback"))
    responsibility = models.CharField(_("who answers"), max_length=10, choices=Responsibility)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")
    technician = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("technician"), null=True, blank=True, related_name="+"
    )
    standard = models.TextField(_("by which standard"))
    decided_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("decided by"), related_name="+")
    decided_at = models.DateTimeField(_("decided"))

    class Meta:
        verbose_name = _("comeback decision")
        verbose_name_plural = _("comeback decisions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(responsibility=Responsibility.TEAM) | Q(team__isnull=False), name="comeback_team_is_named"
            ),
            models.CheckConstraint(
                condition=~Q(responsibility=Responsibility.TECHNICIAN) | Q(technician__isnull=False),
                name="comeback_technician_is_named",
            ),
        ]

    def __str__(self):
        return f"{self.order_id} {self.get_responsibility_display()}"
