"""The complaint and the steps of its closed loop. Source: spec `complaints.md`."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.choices import (
    SEVERITY_TONES,
    STATE_TONES,
    Category,
    ComplaintSource,
    ComplaintState,
    PauseReason,
    Severity,
    StepKind,
)
from dealer_crm.access.permissions import Permission
from dealer_crm.files.models import StoredFile
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.models import Customer, RepairOrder, Vehicle


class Topic(models.Model):
    """A row of the tree of categories (类别, 小类), as the house words it.

    `category` is what statistics, scorecards and the import workbook count it as; it stays what it was made with, so
    that months and stores can be compared whatever a row is called. Two levels: what has a parent has no children.
    A row out of use is no longer offered; complaints that name it keep it. A main row without a name is called like
    its category.
    """

    category = models.CharField(_("counts as"), max_length=10, choices=Category)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("main category"), null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=40, blank=True)
    place = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_used = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("complaint category")
        verbose_name_plural = _("complaint categories")
        ordering = ["place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="topic_named_once", nulls_distinct=False,
                                    condition=~Q(name="")),
            models.UniqueConstraint(fields=["category"], name="one_unnamed_topic_of_a_category", condition=Q(name="")),
            models.CheckConstraint(condition=Q(parent=None) | ~Q(name=""), name="sub_category_has_a_name"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.parent} › {self.name}" if self.parent_id else self.name or str(Category(self.category).label)


class ComplaintQuerySet(StoreOwned):
    def visible_to(self, staff):
        """Of the person's own store: every complaint for who may see complaints, else those they answer for or
        entered themselves; a technician doesn't read about colleagues."""
        rows = super().visible_to(staff)
        if staff.can(Permission.COMPLAINT_VIEW):
            return rows
        return rows.filter(Q(owner=staff) | Q(created_by=staff))

    def unclosed(self):
        return self.exclude(state=ComplaintState.CLOSED)

    def with_people(self):
        return self.select_related(
            "store", "order", "customer", "vehicle", "owner", "created_by", "verified_by", "topic__parent"
        )


class Complaint(models.Model):
    """投诉. The clocks run in wall time from `received_at`; `paused_at` stops them while the customer is awaited.

    `reply_due_at` and `solve_due_at` hold every stop so far; a new round starts the solution's clock again.
    `reply_clock` and `solve_clock` keep how long the clocks were, whatever the figures become later. `form_key` is that
    of the sent form: pressed twice, it is one complaint.
    """

    number = models.CharField(_("complaint number"), max_length=40, unique=True)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="complaints")
    order = models.ForeignKey(
        RepairOrder, models.PROTECT, verbose_name=_("order"), null=True, blank=True, related_name="complaints"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), null=True, blank=True, related_name="complaints"
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="complaints"
    )
    source = models.CharField(_("source"), max_length=14, choices=ComplaintSource)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity, default=Severity.GENERAL)
    category = models.CharField(_("category"), max_length=10, choices=Category)
    topic = models.ForeignKey(
        Topic, models.PROTECT, verbose_name=_("sub-category"), null=True, blank=True, related_name="complaints"
    )
    state = models.CharField(_("state"), max_length=10, choices=ComplaintState, default=ComplaintState.RECORDED)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    received_at = models.DateTimeField(_("received"))
    happened_at = models.DateTimeField(_("when it happened"), null=True, blank=True)
    place = models.CharField(_("where it happened"), max_length=120, blank=True)
    # Who complains, as they said it: somebody else than the customer, or nobody we know yet (public form).
    caller_name = models.CharField(_("who complains"), max_length=80, blank=True)
    caller_phone = models.CharField(_("phone of who complains"), max_length=20, blank=True)
    concerned = models.ManyToManyField(
        Staff, verbose_name=_("staff concerned"), blank=True, related_name="complaints_concerning"
    )
    description = models.TextField(_("what happened"), blank=True)
    wish = models.TextField(_("what is asked"), blank=True)
    owner = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("in charge"), null=True, blank=True, related_name="owned_complaints"
    )
    deadline_at = models.DateTimeField(_("owner's deadline"), null=True, blank=True)
    goodwill_amount = models.DecimalField(_("goodwill"), max_digits=14, decimal_places=2, default=0)
    reply_due_at = models.DateTimeField(_("first reply due"))
    solve_due_at = models.DateTimeField(_("solution due"))
    reply_clock = models.DurationField(_("time for the first reply"), default=timedelta(hours=2))
    solve_clock = models.DurationField(_("time for the solution"), default=timedelta(hours=24))
    stopped_for = models.DurationField(_("clock stood for"), default=timedelta)
    paused_at = models.DateTimeField(_("clock stopped since"), null=True, blank=True)
    pause_kind = models.CharField(_("kind of stop"), max_length=10, choices=PauseReason, blank=True)
    pause_reason = models.CharField(_("why the clock stands"), max_length=120, blank=True)
    first_reply_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    is_satisfied = models.BooleanField(_("customer satisfied with the result"), null=True, blank=True)
    second_asked_at = models.DateTimeField(_("asked once more"), null=True, blank=True)
    is_still_satisfied = models.BooleanField(_("satisfied when asked once more"), null=True, blank=True)
    is_verified = models.BooleanField(_("verified"), null=True, blank=True)  # 属实
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("verified by"), null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("entered by"), null=True, related_name="+")
    created_at = models.DateTimeField(_("entered at"))
    form_key = models.UUIDField(_("form"), unique=True, null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply_at=None) | Q(first_reply_at__gte=F("received_at")), name="reply_after_receipt"
            ),
            models.CheckConstraint(
                condition=Q(solved_at=None) | Q(solved_at__gte=F("received_at")), name="solved_after_receipt"
            ),
            models.CheckConstraint(
                condition=~Q(state=ComplaintState.CLOSED) | Q(closed_at__isnull=False),
                name="closed_complaint_has_its_time",
            ),
            models.CheckConstraint(condition=Q(goodwill_amount__gte=0), name="goodwill_not_negative"),
            models.CheckConstraint(
                condition=Q(second_asked_at=None, is_still_satisfied=None)
                | Q(second_asked_at__isnull=False, is_still_satisfied__isnull=False),
                name="second_answer_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | ~Q(pause_reason=""),
                name="stopped_clock_says_why",
                violation_error_message=_("A clock stands only with its reason."),
            ),
        ]
        indexes = [
            models.Index("store", "received_at", name="complaint_of_store"),
            models.Index("solve_due_at", name="complaint_open", condition=~Q(state=ComplaintState.CLOSED)),
            models.Index("store", "closed_at", name="complaint_closed"),
            models.Index("owner", name="complaint_of_owner", condition=~Q(state=ComplaintState.CLOSED)),
        ]

    def __str__(self):
        return self.number

    @property
    def matter(self) -> str:
        """What it is about, as exactly as it was said: the row of the tree, else the category."""
        return str(self.topic) if self.topic_id else str(self.get_category_display())

    @property
    def tone(self) -> str:
        return STATE_TONES[ComplaintState(self.state)]

    @property
    def severity_tone(self) -> str:
        return SEVERITY_TONES[Severity(self.severity)]


class ComplaintStep(models.Model):
    """One step of the loop: who, when, what; in which round."""

    complaint = models.ForeignKey(Complaint, models.CASCADE, verbose_name=_("complaint"), related_name="steps")
    kind = models.CharField(_("step"), max_length=10, choices=StepKind)
    round = models.PositiveSmallIntegerField(_("round"))
    by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("by"), null=True, related_name="+")
    at = models.DateTimeField(_("when"))
    text = models.TextField(_("what"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.at:%F %H:%M}"


class Evidence(models.Model):
    """证据: a picture, document or sound recording about the matter. Only who sees the complaint sees it."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, verbose_name=_("complaint"), related_name="evidence")
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="+")
    note = models.CharField(_("note"), max_length=120, blank=True)
    added_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("added by"), null=True, related_name="+")
    added_at = models.DateTimeField(_("added"))

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["id"]

    def __str__(self):
        return self.note or str(self.file)
