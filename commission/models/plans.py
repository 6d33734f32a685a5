"""A store's pay plan and its versions. Source: spec `commission.md` (Plans)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from commission.choices import PLAN_TONES, PlanState
from dealer_crm.kpi.models import PERIOD_PATTERN
from dealer_crm.organization.models import Staff, Store, StoreOwned


class Plan(models.Model):
    """A store's pay plan (提成方案); its rules are the versions."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="plans")
    name = models.CharField(_("name"), max_length=80)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("pay plan")
        verbose_name_plural = _("pay plans")
        ordering = ["store"]
        constraints = [models.UniqueConstraint(fields=["store"], name="one_plan_per_store")]

    def __str__(self):
        return self.name


class PlanVersionQuerySet(StoreOwned):
    store_path = "plan__store"

    def drafts(self):
        return self.filter(state=PlanState.DRAFT)

    def approved(self):
        return self.filter(state=PlanState.APPROVED)

    def asked(self):
        """Drafts whose writer asks for approval."""
        return self.drafts().exclude(asked_at=None)


class PlanVersion(models.Model):
    """The rules that hold from a month on. Approved versions are frozen (trigger); a change is a new version.

    `revision` counts the savings of a draft, so that nobody overwrites what a colleague has written meanwhile and a dry
    run knows what it was made of. `asked_at`: since then it waits for approval; a change takes that back.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, verbose_name=_("plan"), related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=80, blank=True)
    starts_period = models.CharField(_("holds from month"), max_length=7)
    rules = models.JSONField(_("rules"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    changed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("changed by"), null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    asked_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("asked by"), null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked at"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan version")
        verbose_name_plural = _("plan versions")
        ordering = ["plan", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["plan", "starts_period"], condition=Q(state=PlanState.APPROVED), name="one_version_per_start"
            ),
            models.CheckConstraint(condition=Q(starts_period__regex=PERIOD_PATTERN), name="plan_starts_in_a_month"),
            models.CheckConstraint(
                condition=~Q(state=PlanState.APPROVED) | Q(approved_at__isnull=False),
                name="approved_version_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | (~Q(approved_by=F("created_by")) & ~Q(approved_by=F("changed_by"))),
                name="plan_version_four_eyes",
            ),
        ]

    def __str__(self):
        return f"{self.plan} v{self.number}"

    @property
    def tone(self) -> str:
        return PLAN_TONES[PlanState(self.state)]
