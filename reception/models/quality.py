"""How the archive is kept right: change requests, flaws, saved segments, value classes. Source: spec `reception.md`."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.values.phone import masked_phone
from reception.choices import DECISION_TONES, PHONE_FLAWS, ArchiveField, Decision, FlawEnd, FlawKind, ValueClass
from reception.models.archive import Customer, CustomerPhone, Vehicle


class ChangeRequestQuerySet(StoreOwned):
    def waiting(self):
        return self.filter(decision=Decision.WAITING)


class ChangeRequest(models.Model):
    """A change an advisor or agent asks for; until the customer-relations supervisor accepts it the old value stands.

    `before` and `after` are what was shown (a phone in full, an owner by name); `after_owner`, `phone` name the rows.
    A phone that is to go has no `after`; which number is dialled first names both numbers and no row.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="change_requests")
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="change_requests"
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="change_requests"
    )
    field = models.CharField(_("what changes"), max_length=10, choices=ArchiveField)
    phone = models.ForeignKey(
        CustomerPhone, models.SET_NULL, verbose_name=_("phone"), null=True, blank=True, related_name="+"
    )
    after_owner = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("new owner"), null=True, blank=True, related_name="+"
    )
    before = models.CharField(_("as it stands"), max_length=120, blank=True)
    after = models.CharField(_("as it should be"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.WAITING)
    asked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("asked for by"), related_name="change_requests")
    asked_at = models.DateTimeField(_("asked for at"))
    decided_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_note = models.CharField(_("note on the decision"), max_length=200, blank=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False, vehicle=None) | Q(customer=None, vehicle__isnull=False),
                name="change_request_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING, decided_at=None, decided_by=None)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="decided_change_request_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=[Decision.ACCEPTED, Decision.REJECTED]) | ~Q(decided_by=F("asked_by")),
                name="change_request_decided_by_another",
            ),
            models.UniqueConstraint(
                fields=["customer", "field", "phone"],
                condition=Q(decision=Decision.WAITING, customer__isnull=False),
                nulls_distinct=False,
                name="one_waiting_change_per_customer_field",
            ),
            models.UniqueConstraint(
                fields=["vehicle", "field"],
                condition=Q(decision=Decision.WAITING, vehicle__isnull=False),
                name="one_waiting_change_per_vehicle_field",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "asked_at"], name="change_waiting", condition=Q(decision=Decision.WAITING)),
            models.Index(fields=["store", "-id"], name="change_of_store"),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.shown_after}"

    @property
    def tone(self) -> str:
        return DECISION_TONES[Decision(self.decision)]

    @property
    def subject(self) -> Customer | Vehicle:
        return self.customer if self.customer_id else self.vehicle

    @property
    def is_about_phone(self) -> bool:
        return self.field in (ArchiveField.PHONE, ArchiveField.PRIMARY)

    @property
    def stands_now(self) -> str:
        """What the archive says now: the value the request speaks of."""
        if self.field == ArchiveField.NAME:
            return self.customer.name
        if self.field == ArchiveField.PHONE:
            return self.phone.number if self.phone else ""
        if self.field == ArchiveField.PRIMARY:
            return next((phone.number for phone in self.customer.phones.all() if phone.is_primary), "")
        if self.field == ArchiveField.OWNER:
            return self.vehicle.owner.name if self.vehicle.owner else ""
        return getattr(self.vehicle, self.field)

    @property
    def is_overtaken(self) -> bool:
        """The value was changed otherwise since it was asked for; what is wanted already is not overtaken."""
        return self.stands_now not in (self.before, self.after)

    @property
    def shown_before(self) -> str:
        return masked_phone(self.before) if self.is_about_phone and self.before else self.before

    @property
    def shown_after(self) -> str:
        return masked_phone(self.after) if self.is_about_phone and self.after else self.after


class FlawQuerySet(StoreOwned):
    def open(self):
        return self.filter(ended_at=None)


class Flaw(models.Model):
    """One wrong entry on the data-quality list; `entered_by` is whose entry it was. Counted by person and month."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="flaws")
    kind = models.CharField(_("kind"), max_length=16, choices=FlawKind)
    customer = models.ForeignKey(
        Customer, models.CASCADE, verbose_name=_("customer"), null=True, blank=True, related_name="flaws"
    )
    vehicle = models.ForeignKey(
        Vehicle, models.CASCADE, verbose_name=_("vehicle"), null=True, blank=True, related_name="flaws"
    )
    phone = models.ForeignKey(
        CustomerPhone, models.SET_NULL, verbose_name=_("phone"), null=True, blank=True, related_name="flaws"
    )
    value = models.CharField(_("as it stands"), max_length=120, blank=True)
    entered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("entered by"), null=True, blank=True, related_name="+"
    )
    found_at = models.DateTimeField(_("found"))
    ended_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("settled by"), null=True, blank=True, related_name="+"
    )
    end = models.CharField(_("how it ended"), max_length=10, choices=FlawEnd, blank=True)

    objects = FlawQuerySet.as_manager()

    class Meta:
        verbose_name = _("flaw of the archive")
        verbose_name_plural = _("flaws of the archive")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(vehicle__isnull=False), name="flaw_has_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, end="") | (Q(ended_at__isnull=False) & ~Q(end="")),
                name="ended_flaw_says_how",
            ),
            models.UniqueConstraint(
                fields=["kind", "customer", "vehicle", "value"],
                condition=Q(ended_at=None) | Q(end=FlawEnd.ACCEPTED),
                nulls_distinct=False,
                name="flaw_listed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["store", "kind", "-id"], name="flaw_open", condition=Q(ended_at=None)),
            models.Index(fields=["store", "found_at"], name="flaw_by_time"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.shown_value}"

    @property
    def subject(self) -> Customer | Vehicle:
        return self.customer if self.customer_id else self.vehicle

    @property
    def shown_value(self) -> str:
        """As everybody may see it: phones masked."""
        return masked_phone(self.value) if self.kind in PHONE_FLAWS and self.value else self.value


class Segment(models.Model):
    """A saved question about customers and their cars (分类), counted live and usable for campaigns."""

    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="segments")
    name = models.CharField(_("name"), max_length=60)
    criteria = models.JSONField(_("criteria"), default=dict)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["store", "name"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="segment_name_once_per_store")]

    def __str__(self):
        return self.name


class CustomerClass(models.Model):
    """A customer's value class of one month with what it was computed from (RFM). Months stay; none is rewritten."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="classes")
    store = models.ForeignKey(Store, models.CASCADE, verbose_name=_("store"), related_name="+")
    period = models.CharField(_("month"), max_length=7)
    value_class = models.CharField(_("value class"), max_length=1, choices=ValueClass)
    recency_days = models.PositiveIntegerField(_("days since the last visit"))
    visits = models.PositiveIntegerField(_("visits"))
    spent_amount = models.DecimalField(_("spent"), max_digits=14, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("value class of a month")
        verbose_name_plural = _("value classes of months")
        ordering = ["-period"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "store", "period"], name="one_class_per_customer_and_month")
        ]
        indexes = [models.Index(fields=["store", "-period"], name="class_of_store_and_month")]

    def __str__(self):
        return f"{self.period} {self.value_class}"
