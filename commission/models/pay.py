"""Pay items, incentives and the pay statement. Source: spec `commission.md` (F, pay statement)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from commission.choices import IncentiveKind, PayKind
from commission.models.proposals import Proposal
from commission.models.runs import Run, Statement
from dealer_crm.organization.models import FourEyesQuerySet, Staff, StoreOwned, Team
from dealer_crm.values import Period


class PayItem(models.Model):
    """What a person is paid each month, or has taken off, from a day on; nothing from the day on which a row says 0.

    Of the kind “certification” the amount is the level, 0 to 4.
    """

    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="pay_items")
    kind = models.CharField(_("pay item"), max_length=20, choices=PayKind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    starts_on = models.DateField(_("holds from"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    entered_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    entered_at = models.DateTimeField(_("entered at"))

    class Queries(StoreOwned):
        store_path = "staff__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("pay item")
        verbose_name_plural = _("pay items")
        ordering = ["staff", "kind", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "kind", "starts_on"], name="one_pay_item_per_person_kind_and_day"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="pay_item_not_negative"),
            models.CheckConstraint(
                condition=~Q(kind=PayKind.CERTIFICATION) | Q(amount__in=[0, 1, 2, 3, 4]),
                name="certification_level_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.get_kind_display()}"


class IncentiveQuerySet(FourEyesQuerySet):
    def of_month(self, period):
        return self.filter(day__range=(period.first_day, period.last_day))


class Incentive(Proposal):
    """日常激励, 增值业务: an amount earned on a day, with the reason; counts once somebody else has approved it."""

    noun, dated_by = "incentive", "day"

    kind = models.CharField(_("kind"), max_length=10, choices=IncentiveKind)
    day = models.DateField(_("day"))

    objects = IncentiveQuerySet.as_manager()

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = _("incentive")
        verbose_name_plural = _("incentives")
        ordering = ["-day", "-id"]
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0), name="incentive_above_zero"),
        ]
        indexes = [
            models.Index("store", "day", condition=Q(approved_at=None, declined_at=None), name="incentive_waiting"),
            models.Index(fields=["store", "-day", "-id"], name="incentive_listed"),
        ]

    def __str__(self):
        return f"{self.staff} {self.day:%Y-%m-%d} {self.amount}"

    @property
    def month(self) -> Period:
        return Period.of(self.day)

    @property
    def sentence(self) -> str:
        return gettext("%(name)s %(day)s: %(kind)s of %(amount)s") % {
            "name": self.staff.name, "day": f"{self.day:%m-%d}", "kind": self.get_kind_display(),
            "amount": f"{self.amount:,.2f}",
        }  # fmt: skip

    def get_absolute_url(self):
        return reverse("commission:incentives")


class PaySlip(models.Model):
    """工资单: one person's pay of a month, kept with the run that computed it and frozen with it.

    `commission_amount`: the statement without adjustments; `reward_amount`: those, rewards (+) and penalties (−).
    """

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="pay_slips")
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="pay_slips")
    statement = models.OneToOneField(
        Statement, models.CASCADE, verbose_name=_("statement"), null=True, blank=True, related_name="pay_slip"
    )
    post = models.CharField(_("post"), max_length=24, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+")
    base_amount = models.DecimalField(_("base pay"), max_digits=14, decimal_places=2)
    position_amount = models.DecimalField(_("position pay"), max_digits=14, decimal_places=2)
    skill_amount = models.DecimalField(_("skill pay"), max_digits=14, decimal_places=2)
    allowance_amount = models.DecimalField(_("allowances"), max_digits=14, decimal_places=2)
    commission_amount = models.DecimalField(_("commission"), max_digits=14, decimal_places=2)
    reward_amount = models.DecimalField(_("rewards and penalties"), max_digits=14, decimal_places=2)
    other_amount = models.DecimalField(_("other deductions"), max_digits=14, decimal_places=2)
    total_amount = models.DecimalField(_("pay"), max_digits=14, decimal_places=2)

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("pay statement")
        verbose_name_plural = _("pay statements")
        ordering = ["run", "staff__work_number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "staff"], name="one_pay_slip_per_person_and_run"),
            models.CheckConstraint(
                condition=Q(
                    total_amount=F("base_amount")
                    + F("position_amount")
                    + F("skill_amount")
                    + F("allowance_amount")
                    + F("commission_amount")
                    + F("reward_amount")
                    - F("other_amount")
                ),
                name="pay_slip_adds_up",
            ),
        ]

    def __str__(self):
        return f"{self.staff} {self.run.period}"


class PayLine(models.Model):
    """One explained pay item of a slip. What is taken off is a positive number."""

    run = models.ForeignKey(Run, models.CASCADE, verbose_name=_("run"), related_name="pay_lines")
    slip = models.ForeignKey(PaySlip, models.CASCADE, verbose_name=_("pay statement"), related_name="lines")
    position = models.PositiveIntegerField(_("place"))
    kind = models.CharField(_("pay item"), max_length=20, choices=PayKind)
    is_taken_off = models.BooleanField(_("taken off"), default=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    explanation = models.JSONField(_("explanation"))

    class Queries(StoreOwned):
        store_path = "run__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("pay line")
        verbose_name_plural = _("pay lines")
        ordering = ["run", "position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="pay_line_once")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.amount}"
