"""Stores, their people and teams, and what holds from which day. Source: spec `people-and-roles.md`.

Facts that hold from a day (positions, figures) have a start only, unique per subject: the row in force on a day is the
latest that started, so gaps and overlaps can't exist.
"""

from datetime import date, time
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from dealer_crm.access.permissions import Permission
from dealer_crm.access.roles import GROUP_ROLES, Role, permissions_of
from dealer_crm.organization.choices import Post, TeamKind


class StoreOwned(models.QuerySet):
    """Rows that belong to one store. A model whose store is reached over another row names the way in `store_path`."""

    store_path = "store"

    def visible_to(self, staff):
        """The rows this person may know of: their own store's, or every store's for a group role."""
        return self if staff.sees_all_stores else self.filter(**{self.store_path: staff.store_id})

    def of_store(self, store):
        return self.filter(**{self.store_path: store})


class Brand(models.Model):
    """A make the group sells; its letter stands on call lists."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    letter = models.CharField(_("short letter code"), max_length=4, blank=True)

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Store(models.Model):
    """门店."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    brands = models.ManyToManyField(Brand, verbose_name=_("brands"), blank=True, related_name="stores")
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    opens_at = models.TimeField(_("opens at"), default=time(8, 30))
    closes_at = models.TimeField(_("closes at"), default=time(18))
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    # What stands on bills; an empty one is not printed.
    legal_name = models.CharField(_("registered name"), max_length=120, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    repair_licence = models.CharField(_("repair business filing number"), max_length=40, blank=True)
    bank_name = models.CharField(_("bank"), max_length=80, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("store")
        verbose_name_plural = _("stores")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="store_closes_after_opening")
        ]

    def __str__(self):
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Team(models.Model):
    """班组."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="teams")
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=20, choices=TeamKind)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["store", "kind", "name"]
        constraints = [models.UniqueConstraint(fields=["store", "name"], name="one_team_per_name_and_store")]

    def __str__(self):
        return self.name


class StaffQuerySet(StoreOwned):
    def employed_on(self, day: date):
        return self.filter(Q(left_on=None) | Q(left_on__gte=day), Q(hired_on=None) | Q(hired_on__lte=day))

    def with_role(self, *roles: Role):
        return self.filter(roles__overlap=[str(role) for role in roles], is_active=True)

    def with_position(self, day: date):
        """Annotate `post`, `team_id_now` and `coefficient` in force on `day`."""
        in_force = Position.objects.filter(staff=OuterRef("pk"), starts_on__lte=day).order_by("-starts_on")
        return self.annotate(
            post=Subquery(in_force.values("post")[:1]),
            team_id_now=Subquery(in_force.values("team")[:1]),
            coefficient=Subquery(in_force.values("coefficient")[:1]),
        )


class StaffAccounts(BaseUserManager.from_queryset(StaffQuerySet)):
    """Making accounts; the name in Django's own hooks."""

    def create_user(self, username, password=None, **fields):
        staff = self.model(username=username, work_number=fields.pop("work_number", username.upper()), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def get_by_natural_key(self, username):
        """Sign in with the sign-in name or the work number, whatever the case."""
        return self.get(Q(username__iexact=username) | Q(work_number__iexact=username))


class Staff(AbstractBaseUser):
    """A member of staff (员工), who signs in with a work number (工号) or a sign-in name.

    `regularised_on` empty means on probation (试用期). What people are paid is dated and payroll's (`commission`).
    `must_change_password`: somebody else made the password, so its owner replaces it before anything else.
    """

    username = models.CharField(_("sign-in name"), max_length=40, unique=True)
    work_number = models.CharField(_("work number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    name_pinyin = models.CharField(_("sort key"), max_length=120, blank=True, editable=False)
    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="staff"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"), default=list, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    regularised_on = models.DateField(_("regularised on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("has to change the password"), default=False)

    objects = StaffAccounts()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["work_number"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="one_account_per_sign_in_name"),
            models.CheckConstraint(
                condition=Q(roles__contained_by=[role.value for role in Role]), name="staff_roles_are_known"
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(hired_on=None) | Q(left_on__gte=models.F("hired_on")),
                name="staff_leaves_after_hiring",
            ),
        ]
        indexes = [models.Index("store", "name_pinyin", name="staff_by_name")]

    def __str__(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return permissions_of(self.roles)

    def can(self, permission: Permission) -> bool:
        return self.is_active and permission in self.permissions

    def has_role(self, *roles: Role) -> bool:
        return any(role in self.roles for role in roles)

    @property
    def sees_all_stores(self) -> bool:
        return any(role in GROUP_ROLES for role in self.roles)


class PositionQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        """The row of each person that holds on `day`."""
        return self.filter(starts_on__lte=day).order_by("staff_id", "-starts_on").distinct("staff_id")


class Position(models.Model):
    """What a person is from a day on: post, store, team, commission coefficient (提成系数)."""

    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="positions")
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="positions")
    post = models.CharField(_("post"), max_length=24, choices=Post)
    team = models.ForeignKey(
        Team, models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="positions"
    )
    coefficient = models.DecimalField(_("commission coefficient"), max_digits=6, decimal_places=3, default=Decimal(0))
    starts_on = models.DateField(_("holds from"))

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["staff", "-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["staff", "starts_on"], name="one_position_per_person_and_day"),
            models.CheckConstraint(condition=Q(coefficient__gte=0), name="coefficient_not_negative"),
        ]

    def __str__(self):
        return f"{self.staff} {self.get_post_display()} {self.starts_on}"


class FourEyesQuerySet(StoreOwned):
    def undecided(self):
        return self.filter(approved_at=None, declined_at=None)

    def approved(self):
        return self.filter(approved_at__isnull=False)


class FourEyes(models.Model):
    """What one person enters with a reason and another approves or declines, once; it counts when it is approved.

    A kind of it names whom it concerns (`staff`), who entered it (`entered_by`; None: it came with a workbook, and who
    brought that stands for it) and its `noun` in the journal's verbs.
    """

    reason = models.CharField(_("reason"), max_length=200)
    approved_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("approved by"), null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    declined_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("declined by"), null=True, blank=True, related_name="+"
    )
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    decline_reason = models.CharField(_("reason for declining"), max_length=200, blank=True)

    objects = FourEyesQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_has_a_reason"),
            models.CheckConstraint(
                condition=Q(entered_by=None)
                | ~Q(approved_by=F("entered_by"))
                & ~Q(approved_by=F("staff"))
                & ~Q(declined_by=F("entered_by"))
                & ~Q(declined_by=F("staff")),
                name="%(class)s_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, declined_at=None, approved_by=None, declined_by=None)
                | Q(approved_at__isnull=False, declined_at=None, declined_by=None)
                & (Q(approved_by__isnull=False) | Q(entered_by=None))
                | Q(approved_at=None, approved_by=None, declined_at__isnull=False, declined_by__isnull=False)
                & ~Q(decline_reason=""),
                name="%(class)s_decided_one_way",
            ),
        ]


class StoreFigure(models.Model):
    """A dated setting: the value of a `Figure` for one store (or all, without store) from a day on."""

    store = models.ForeignKey(
        Store, models.PROTECT, verbose_name=_("store"), null=True, blank=True, related_name="figures"
    )
    code = models.CharField(_("figure"), max_length=60)
    value = models.JSONField(_("value"))
    starts_on = models.DateField(_("holds from"))
    changed_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("changed by"), null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["code", "store", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["store", "code", "starts_on"], name="one_figure_per_store_and_day", nulls_distinct=False
            )
        ]

    def __str__(self):
        return f"{self.code} {self.starts_on}: {self.value}"
