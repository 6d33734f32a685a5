"""Customers and their cars. Source: spec `reception.md` (Customer archive, Vehicle)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.organization.models import Staff, Store, StoreOwned
from dealer_crm.values.phone import masked_phone
from reception.choices import VALUE_CLASS_TONES, Channel, CustomerKind, CustomerLevel, Gender, ValueClass


class ServedByStore(StoreOwned):
    """Customers and vehicles: known to their home store and to every store that has an order of theirs."""

    order_path = "repair_orders"

    def visible_to(self, staff):
        if staff.sees_all_stores:
            return self
        # One such order's id instead of EXISTS, for which PostgreSQL would gather all orders of the store first.
        orders = self.model._meta.get_field("repair_orders").related_model.objects
        order_here = orders.filter(store_id=staff.store_id, **{self.order_path: models.OuterRef("pk")})
        return self.alias(order_here=models.Subquery(order_here.values("pk")[:1])).filter(
            Q(store_id=staff.store_id) | Q(order_here__isnull=False)
        )


class CustomerQuerySet(ServedByStore):
    order_path = "customer"

    def standing(self):
        """Without those that were merged into another."""
        return self.filter(merged_into=None)


class VehicleQuerySet(ServedByStore):
    order_path = "vehicle"

    def standing(self):
        """Without those that were merged into another."""
        return self.filter(merged_into=None)

    def dormant(self, before):
        """流失: the last visit, or the entry of a car that never came, lies before that moment."""
        return self.filter(Q(last_visit_at__lt=before) | Q(last_visit_at=None, created_at__lt=before))

    def active(self, since):
        """Not packed away: seen, or entered, since that moment."""
        return self.filter(Q(last_visit_at__gte=since) | Q(last_visit_at=None, created_at__gte=since))

    def with_owner(self):
        return self.select_related("owner")


class Customer(models.Model):
    """客户, a person or a company; belongs to the home store and is known wherever a car of theirs was served."""

    code = models.CharField(_("customer code"), max_length=30, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("home store"), related_name="customers")
    name = models.CharField(_("name"), max_length=80)
    name_pinyin = models.CharField(_("sort key"), max_length=120, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomerKind, default=CustomerKind.PERSON)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    area = models.CharField(_("area"), max_length=60, blank=True)
    address = models.CharField(pgettext_lazy("postal", "address"), max_length=200, blank=True)
    contact_hour = models.PositiveSmallIntegerField(_("preferred contact hour"), null=True, blank=True)
    contact_channel = models.CharField(_("preferred channel"), max_length=10, choices=Channel, default=Channel.PHONE)
    source = models.CharField(_("source"), max_length=40, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=CustomerLevel, default=CustomerLevel.ORDINARY)
    tags = ArrayField(models.CharField(max_length=30), verbose_name=_("tags"), default=list, blank=True)
    no_call_since = models.DateField(_("refuses calls since"), null=True, blank=True)
    no_call_reason = models.CharField(_("reason for refusing calls"), max_length=120, blank=True)
    no_text_since = models.DateField(_("refuses texts since"), null=True, blank=True)
    no_text_reason = models.CharField(_("reason for refusing texts"), max_length=120, blank=True)
    value_class = models.CharField(_("value class"), max_length=1, choices=ValueClass, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )
    merged_at = models.DateTimeField(_("merged"), null=True, blank=True)
    erased_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(contact_hour=None) | Q(contact_hour__lte=23), name="customer_contact_hour_of_day"
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | (Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("pk"))),
                name="merged_customer_has_its_time",
            ),
        ]
        indexes = [
            models.Index("store", "name_pinyin", name="customer_by_name"),
            models.Index(fields=["name"], name="customer_name", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self):
        return self.name

    @property
    def value_tone(self) -> str:
        return VALUE_CLASS_TONES.get(self.value_class, "neutral")

    @property
    def refuses_calls(self) -> bool:
        return self.no_call_since is not None


class CustomerPhone(models.Model):
    """A number of a customer, in E.164; one is primary."""

    customer = models.ForeignKey(Customer, models.CASCADE, verbose_name=_("customer"), related_name="phones")
    number = models.CharField(_("phone"), max_length=20)
    is_primary = models.BooleanField(_("primary"), default=False)
    wrong_since = models.DateTimeField(_("found wrong by a call"), null=True, blank=True)
    entered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("entered by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once_per_customer"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_primary=True), name="one_primary_phone"),
        ]
        indexes = [
            models.Index(fields=["number"], name="phone_number"),
            # Last four digits: a prefix search on the reversed number. Source: spec measured.md.
            models.Index(OpClass(Reverse("number"), name="text_pattern_ops"), name="phone_reversed"),
        ]

    def __str__(self):
        return masked_phone(self.number)


class Vehicle(models.Model):
    """车辆."""

    plate = models.CharField(_("plate"), max_length=12, unique=True)
    vin = models.CharField(_("VIN"), max_length=17, blank=True)
    vin_override_reason = models.CharField(_("why the VIN is accepted"), max_length=120, blank=True)
    brand = models.CharField(_("brand"), max_length=40, blank=True)
    series = models.CharField(_("series"), max_length=40, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    engine_number = models.CharField(_("engine or motor number"), max_length=30, blank=True)
    purchased_on = models.DateField(_("purchased on"), null=True, blank=True)
    warranty_ends_on = models.DateField(_("warranty ends on"), null=True, blank=True)
    warranty_km = models.PositiveIntegerField(_("warranty ends at (km)"), null=True, blank=True)
    insurance_ends_on = models.DateField(_("insurance ends on"), null=True, blank=True)
    owner = models.ForeignKey(Customer, models.PROTECT, verbose_name=_("owner"), null=True, related_name="vehicles")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("home store"), related_name="vehicles")
    mileage = models.PositiveIntegerField(_("mileage (km)"), null=True, blank=True)
    next_service_on = models.DateField(_("next service on"), null=True, blank=True)
    next_service_km = models.PositiveIntegerField(_("next service at (km)"), null=True, blank=True)
    last_visit_at = models.DateTimeField(_("last visit"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )
    merged_at = models.DateTimeField(_("merged"), null=True, blank=True)
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | (Q(merged_into__isnull=False, merged_at__isnull=False) & ~Q(merged_into=F("pk"))),
                name="merged_vehicle_has_its_time",
            ),
        ]
        indexes = [
            models.Index(fields=["vin"], name="vehicle_vin"),
            models.Index(OpClass(Reverse("vin"), name="text_pattern_ops"), name="vehicle_vin_reversed"),
            models.Index("store", "last_visit_at", name="vehicle_by_last_visit"),
        ]

    def __str__(self):
        return self.plate

    @property
    def called(self) -> str:
        """What sort of car it is, as exactly as is known, where there is room for one word."""
        return self.model or self.series or self.brand


class VehicleDriver(models.Model):
    """Somebody else who drives the car, and may bring it: spouse, driver of the company."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, verbose_name=_("vehicle"), related_name="drivers")
    name = models.CharField(_("name"), max_length=80)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    relation = models.CharField(_("relation to the owner"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("driver")
        verbose_name_plural = _("drivers")
        ordering = ["vehicle", "id"]
        constraints = [models.UniqueConstraint(fields=["vehicle", "name"], name="driver_once_per_vehicle")]

    def __str__(self):
        return self.name

    @property
    def shown_phone(self) -> str:
        return masked_phone(self.phone) if self.phone else ""


class MileageReading(models.Model):
    """One look at the counter. It may only fall with a `reason`."""

    vehicle = models.ForeignKey(Vehicle, models.CASCADE, verbose_name=_("vehicle"), related_name="readings")
    order = models.ForeignKey(
        "reception.RepairOrder", models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="+"
    )
    km = models.PositiveIntegerField(_("mileage (km)"))
    read_at = models.DateTimeField(_("read at"))
    read_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("read by"), null=True, related_name="+")
    reason = models.CharField(_("why it is lower than before"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("mileage reading")
        verbose_name_plural = _("mileage readings")
        ordering = ["-read_at", "-id"]
        indexes = [models.Index(fields=["vehicle", "-read_at"], name="reading_of_vehicle")]

    def __str__(self):
        return f"{self.km} km"
