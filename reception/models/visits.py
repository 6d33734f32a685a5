"""What is seen, photographed and signed at intake and delivery. Source: spec `reception.md` (Intake, Settlement)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dealer_crm.files.models import StoredFile
from dealer_crm.organization.models import Staff
from reception.choices import Belonging, MarkKind, PhotoTopic, SignedPaper
from reception.models.addons import AddOn
from reception.models.orders import RepairOrder


class OrderPhoto(models.Model):
    """A picture taken of the car."""

    order = models.ForeignKey(RepairOrder, models.PROTECT, verbose_name=_("order"), related_name="photos")
    add_on = models.ForeignKey(
        AddOn, models.PROTECT, verbose_name=_("add-on"), null=True, blank=True, related_name="photos"
    )
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="+")
    topic = models.CharField(_("topic"), max_length=12, choices=PhotoTopic, default=PhotoTopic.WALK_ROUND)
    note = models.CharField(_("note"), max_length=200, blank=True)
    taken_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("taken by"), null=True, related_name="+")
    taken_at = models.DateTimeField(_("taken at"))

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["id"]

    def __str__(self):
        return self.note or self.get_topic_display()


class WalkRound(models.Model):
    """环车检查: the walk around the car with the customer."""

    order = models.OneToOneField(RepairOrder, models.CASCADE, verbose_name=_("order"), related_name="walk_round")
    belongings = ArrayField(
        models.CharField(max_length=20, choices=Belonging), verbose_name=_("belongings in the car"), default=list,
        blank=True,
    )  # fmt: skip
    belongings_note = models.CharField(_("further belongings"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    is_unmarked = models.BooleanField(_("no damage seen"), default=False)
    walked_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("walked by"), null=True, related_name="+")
    walked_at = models.DateTimeField(_("walked at"))

    class Meta:
        verbose_name = _("walk-round inspection")
        verbose_name_plural = _("walk-round inspections")

    def __str__(self):
        return f"{self.order_id} {self.walked_at:%F %H:%M}"


class WalkRoundMark(models.Model):
    """A mark on the diagram of the car; `x` and `y` in thousandths of its width and height."""

    walk_round = models.ForeignKey(WalkRound, models.CASCADE, verbose_name=_("walk-round"), related_name="marks")
    kind = models.CharField(_("kind"), max_length=10, choices=MarkKind)
    x = models.PositiveSmallIntegerField(_("from the left (‰)"))
    y = models.PositiveSmallIntegerField(_("from the top (‰)"))
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(x__lte=1000, y__lte=1000), name="mark_lies_on_the_diagram")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.x}/{self.y}"


class Signature(models.Model):
    """The customer's name under a paper: drawn on the tablet (an image), or on the printed sheet (`file` empty).

    `content` is what was signed, word for word and figure for figure, `content_hash` its SHA-256; both never change.
    """

    order = models.ForeignKey(RepairOrder, models.PROTECT, verbose_name=_("order"), related_name="signatures")
    add_on = models.ForeignKey(
        AddOn, models.PROTECT, verbose_name=_("add-on"), null=True, blank=True, related_name="signatures"
    )
    paper = models.CharField(_("paper"), max_length=12, choices=SignedPaper)
    signer = models.CharField(_("signed by"), max_length=80)
    file = models.OneToOneField(
        StoredFile, models.PROTECT, verbose_name=_("image"), null=True, blank=True, related_name="+"
    )
    content = models.JSONField(_("what was signed"), default=dict)
    content_hash = models.CharField(_("fingerprint of what was signed"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"))
    taken_by = models.ForeignKey(Staff, models.PROTECT, verbose_name=_("taken by"), null=True, related_name="+")

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(paper=SignedPaper.ADD_ON) & Q(add_on__isnull=False))
                | (~Q(paper=SignedPaper.ADD_ON) & Q(add_on=None)),
                name="signature_names_its_add_on",
            ),
        ]

    def __str__(self):
        return f"{self.get_paper_display()} {self.signer}"
