"""The owed calls themselves. Source: spec `callback.md`, the daily queue."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callback.choices import TASK_TONES, DueWhy, TaskState
from callback.models.rules import Rule
from complaints.models import Complaint
from dealer_crm.organization.models import Staff, Store, StoreOwned
from reception.choices import Channel
from reception.models import Appointment, Customer, RepairOrder, Vehicle


class CallTaskQuerySet(StoreOwned):
    def unfinished(self):
        return self.filter(state=TaskState.OPEN)

    def overdue(self, at):
        return self.unfinished().filter(due_at__lt=at)

    def taken(self):
        return self.filter(claimed_by__isnull=False)

    def callable_at(self, at):
        """Open, its window has begun, no retry or agreed time lies ahead."""
        return self.unfinished().filter(opens_at__lte=at).filter(Q(next_try_at=None) | Q(next_try_at__lte=at))


class CallTask(models.Model):
    """One owed call: one per rule and source event, enforced by the database.

    `due_at` is the last moment; `due_reason` holds why it is what it is (`formulas.Due.why`), `due_sentence` says it;
    `was_shifted` marks a window without a working day. `channel` is SMS once the tries are used up. A claim is the
    pair `claimed_by`, `claimed_at` and lapses after a time without activity; `lapsed_by`: whose claim lapsed last, who
    may still write down what came of it as long as nobody else has taken it.
    """

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="call_tasks", db_index=False)
    rule = models.ForeignKey(Rule, models.PROTECT, verbose_name=_("rule"), related_name="tasks", db_index=False)
    source_key = models.CharField(_("source event"), max_length=80)
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="call_tasks", db_index=False
    )
    vehicle = models.ForeignKey(
        Vehicle, models.PROTECT, verbose_name=_("vehicle"), null=True, blank=True, related_name="call_tasks"
    )
    order = models.ForeignKey(
        RepairOrder,
        models.PROTECT,
        verbose_name=_("order"),
        null=True,
        blank=True,
        related_name="call_tasks",
        db_index=False,
    )
    complaint = models.ForeignKey(
        Complaint,
        models.PROTECT,
        verbose_name=_("complaint"),
        null=True,
        blank=True,
        related_name="call_tasks",
        db_index=False,
    )
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        verbose_name=_("appointment"),
        null=True,
        blank=True,
        related_name="call_tasks",
        db_index=False,
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=50)
    opens_at = models.DateTimeField(_("may be called from"))
    due_at = models.DateTimeField(_("must be called by"))
    due_reason = models.JSONField(_("why this day"), default=dict, blank=True)
    was_shifted = models.BooleanField(_("moved behind a holiday"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=TaskState, default=TaskState.OPEN)
    channel = models.CharField(_("next by"), max_length=10, choices=Channel, default=Channel.PHONE)
    attempts = models.PositiveSmallIntegerField(_("calls tried"), default=0)
    first_called_at = models.DateTimeField(_("first called"), null=True, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    agent = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("agreed with"), null=True, blank=True, related_name="+", db_index=False
    )
    claimed_by = models.ForeignKey(
        Staff,
        models.PROTECT,
        verbose_name=pgettext_lazy("of a call", "taken by"),
        null=True,
        blank=True,
        related_name="claimed_calls",
        db_index=False,
    )
    claimed_at = models.DateTimeField(pgettext_lazy("of a call", "taken at"), null=True, blank=True)
    lapsed_by = models.ForeignKey(
        Staff,
        models.PROTECT,
        verbose_name=_("claim lapsed of"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    done_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    closing_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)
    created_at = models.DateTimeField(pgettext_lazy("of a call", "made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = CallTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("call task")
        verbose_name_plural = _("call tasks")
        ordering = ["due_at", "priority", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "source_key"], name="one_task_per_rule_and_event"),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="claim_is_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN, done_at=None) | (~Q(state=TaskState.OPEN) & Q(done_at__isnull=False)),
                name="finished_task_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(state=TaskState.OPEN) | Q(claimed_by=None), name="finished_task_is_claimed_by_nobody"
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("opens_at")), name="task_due_after_it_opens"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(claimed_by__isnull=False), name="one_agent_at_a_time_per_customer"
            ),
            models.UniqueConstraint(
                fields=["claimed_by"], condition=Q(claimed_by__isnull=False), name="one_call_at_a_time_per_agent"
            ),
        ]
        indexes = [
            models.Index("store", "priority", "due_at", "id", name="task_queue", condition=Q(state=TaskState.OPEN)),
            models.Index("store", "due_at", name="task_by_due"),
            models.Index("store", "due_at", "id", name="task_open_by_due", condition=Q(state=TaskState.OPEN)),
            models.Index(
                "store", "next_try_at", name="task_agreed", condition=Q(state=TaskState.OPEN, agent__isnull=False)
            ),
            models.Index("store", "done_at", name="task_finished", condition=Q(done_at__isnull=False)),
            models.Index(fields=["customer", "-id"], name="task_of_customer"),
            models.Index("order", name="task_of_order"),
            # What few calls have costs the others nothing: each claim writes into every index its row stands in.
            *(
                models.Index(name, name=f"task_of_{name}", condition=Q(**{f"{name}__isnull": False}))
                for name in ("complaint", "appointment", "agent", "lapsed_by")
            ),
        ]

    def __str__(self):
        return f"{self.rule_id} {self.source_key}"

    @property
    def tone(self) -> str:
        return TASK_TONES[TaskState(self.state)]

    @property
    def asks_nothing(self) -> bool:
        """Whether it can be talked through in another call with the customer: it wants no answers of its own."""
        return self.rule.questionnaire_id is None and not self.rule.asks_on_time and self.complaint_id is None

    @property
    def holder(self) -> Staff | None:
        """Who is on the call, else whom it is reserved for."""
        return self.claimed_by or self.agent

    @property
    def due_sentence(self) -> str:
        """Why the last moment is when it is, in the reader's language."""
        facts = self.due_reason
        if not facts:
            return ""
        sentences = [DueWhy(facts["code"]).label % facts]
        if facts["free"]:
            sentences.append(_("Free days: %(names)s.") % {"names": "、".join(facts["free"])})
        if facts["assumed"]:
            sentences.append(_("That year's calendar is not loaded; Monday to Friday was assumed."))
        return " ".join(str(sentence) for sentence in sentences)
