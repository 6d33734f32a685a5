"""Training (培训): sessions, who was there, what the test came to. Source: spec `commission.md`."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dealer_crm.appraisal.choices import TRAINING_TONES, Presence, TrainingKind, TrainingState
from dealer_crm.organization.models import Staff, Store, StoreOwned


class Training(models.Model):
    """培训: one session. `has_test`: everybody who was there has a score of 0–100 afterwards."""

    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="trainings")
    title = models.CharField(pgettext_lazy("training", "title"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=TrainingKind)
    starts_at = models.DateTimeField(pgettext_lazy("training", "starts at"))
    hours = models.DecimalField(
        pgettext_lazy("training", "hours"), max_digits=4, decimal_places=1, validators=[MinValueValidator(0)]
    )
    place = models.CharField(pgettext_lazy("training", "place"), max_length=60, blank=True)
    trainer = models.CharField(_("trainer"), max_length=40)
    content = models.TextField(pgettext_lazy("training", "content"), blank=True)
    has_test = models.BooleanField(_("with a test"), default=True)
    state = models.CharField(_("state"), max_length=10, choices=TrainingState, default=TrainingState.PLANNED)
    ended_note = models.CharField(_("remark"), max_length=200, blank=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("made by"), null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "training")
        verbose_name_plural = pgettext_lazy("noun", "trainings")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0), name="training_takes_time"),
            models.CheckConstraint(
                condition=~Q(state=TrainingState.CALLED_OFF) | ~Q(ended_note=""), name="called_off_training_says_why"
            ),
        ]
        indexes = [models.Index(fields=["store", "-starts_at", "-id"], name="training_of_store")]

    def __str__(self):
        return self.title

    @property
    def tone(self) -> str:
        return TRAINING_TONES[TrainingState(self.state)]


class TrainingSeat(models.Model):
    """Somebody invited. Empty `presence`: not noted yet."""

    training = models.ForeignKey(
        Training, models.CASCADE, verbose_name=pgettext_lazy("noun", "training"), related_name="seats"
    )
    staff = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("staff member"), related_name="training_seats")
    presence = models.CharField(_("presence"), max_length=8, choices=Presence, blank=True)
    score = models.DecimalField(
        _("test score"), max_digits=4, decimal_places=1, null=True, blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )  # fmt: skip
    remark = models.CharField(_("remark"), max_length=120, blank=True)

    class Queries(StoreOwned):
        store_path = "training__store"

    objects = Queries.as_manager()

    class Meta:
        verbose_name = _("participant of a training")
        verbose_name_plural = _("participants of trainings")
        ordering = ["staff__work_number"]
        constraints = [
            models.UniqueConstraint(fields=["training", "staff"], name="one_seat_a_person_and_training"),
            models.CheckConstraint(
                condition=Q(score=None) | Q(presence=Presence.THERE, score__gte=0, score__lte=100),
                name="who_was_there_has_a_score",
            ),
        ]
        indexes = [models.Index(fields=["staff", "training"], name="training_of_person")]

    def __str__(self):
        return f"{self.training_id} {self.staff_id}"
