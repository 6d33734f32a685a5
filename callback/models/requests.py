"""What customers want done, taken down, answered in time and closed with a result (服务请求).

Source: spec `callback.md`, service requests.
"""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import (
    OPEN_REQUESTS,
    REQUEST_TONES,
    ActivityKind,
    Department,
    RequestKind,
    RequestProblem,
    RequestSource,
    RequestState,
)
from callback.models.contacts import Contact
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Agreement, Customer, RepairOrder, Vehicle


class ServiceRequestQuerySet(StoreOwned):
    def open(self):
        return self.filter(state__in=OPEN_REQUESTS)

    def unanswered(self):
        return self.filter(state=RequestState.ASKED)


class ServiceRequest(models.Model):
    """服务请求: who wants what, who answers it by when, what came of it.

    `agreement`: the service agreement whose response time set `answer_by` (null: the kind's own figure, or a person).
    `person` null: nobody has it yet. `caller_phone` in E.164. `warned_at`, `told_late_at`: the marks of the clock that
    were told. `is_solved` says how it was closed; `cost_amount` (CNY) is what the house spent on it.
    `token`: a form sent once however often pressed.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="service_requests")
    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RequestKind)
    source = models.CharField(pgettext_lazy("service request", "came by"), max_length=12, choices=RequestSource)
    problem = models.CharField(_("problem"), max_length=10, choices=RequestProblem, default=RequestProblem.OTHER)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="service_requests"
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="service_requests"
    )
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="service_requests"
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, verbose_name=_("contact"), null=True, blank=True, related_name="service_requests"
    )
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, verbose_name=_("agreement"), null=True, blank=True, related_name="service_requests"
    )
    caller_name = models.CharField(_("who asks"), max_length=80, blank=True)
    caller_phone = models.CharField(_("phone of who asks"), max_length=20, blank=True)
    place = models.CharField(pgettext_lazy("service request", "place"), max_length=120, blank=True)
    description = models.TextField(_("what is wanted"))
    department = models.CharField(_("department"), max_length=10, choices=Department)
    person = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("who answers"), null=True, blank=True, related_name="service_requests"
    )
    received_at = models.DateTimeField(_("received at"))
    entered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("entered by"), null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    answer_by = models.DateTimeField(_("answer by"))
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    told_late_at = models.DateTimeField(_("told to be late"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("answered by"), null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)
    is_solved = models.BooleanField(pgettext_lazy("service request", "solved"), null=True, blank=True)
    cost_amount = models.DecimalField(
        _("cost"), max_digits=14, decimal_places=2, default=Decimal(0), validators=[MinValueValidator(0)]
    )
    ended_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("ended by"), null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RequestState, default=RequestState.ASKED)
    token = models.UUIDField(_("form"), unique=True, null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ServiceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(answer_by__gt=F("received_at")), name="request_answer_lies_ahead"),
            models.CheckConstraint(condition=~Q(description=""), name="request_says_what"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(ended_at__isnull=False) | ~Q(caller_name="", caller_phone=""),
                name="request_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="answered_request_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.ANSWERED) | Q(answered_at__isnull=False),
                name="request_in_work_was_answered",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=OPEN_REQUESTS, ended_at=None, is_solved=None))
                | (Q(state=RequestState.CLOSED, ended_at__isnull=False, is_solved__isnull=False) & ~Q(result=""))
                | (Q(state=RequestState.WITHDRAWN, ended_at__isnull=False, is_solved=None) & ~Q(result="")),
                name="ended_request_says_how",
            ),
            models.CheckConstraint(condition=Q(cost_amount__gte=0), name="request_cost_not_negative"),
        ]
        indexes = [
            models.Index(fields=["store", "-received_at", "-id"], name="request_of_store"),
            models.Index(
                fields=["person", "answer_by"], name="request_of_person", condition=Q(state__in=OPEN_REQUESTS)
            ),
            models.Index(
                fields=["store", "answer_by"], name="request_to_tell",
                condition=Q(state=RequestState.ASKED, told_late_at=None),
            ),
            models.Index(fields=["store", "ended_at"], name="request_ended", condition=Q(ended_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self):
        return self.number

    @property
    def tone(self) -> str:
        return REQUEST_TONES[RequestState(self.state)]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_REQUESTS

    @property
    def who(self) -> str:
        """Whose request it is, as far as it is known."""
        return self.customer.name if self.customer else self.caller_name

    @property
    def was_in_time(self) -> bool:
        return self.answered_at is not None and self.answered_at <= self.answer_by

    @property
    def call_key(self) -> str:
        """The source event of the call that follows it."""
        return f"request:{self.pk}"


class RequestActivity(models.Model):
    """What somebody did about a request, in their words. Never changed."""

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, verbose_name=_("service request"), related_name="activities"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ActivityKind)
    text = models.TextField(_("what was done"))
    by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("by whom"), related_name="+")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("activity about a service request")
        verbose_name_plural = _("activities about service requests")
        ordering = ["at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="activity_says_what")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%F %H:%M}"


class RequestPart(models.Model):
    """A part the customer asks for."""

    request = models.ForeignKey(ServiceRequest, models.CASCADE, verbose_name=_("service request"), related_name="parts")
    code = models.CharField(_("part number"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=80)
    quantity = models.DecimalField(_("quantity"), max_digits=8, decimal_places=2, default=Decimal(1))

    class Meta:
        verbose_name = _("part asked for")
        verbose_name_plural = _("parts asked for")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="part_asked_for_is_some")]

    def __str__(self):
        return self.name
