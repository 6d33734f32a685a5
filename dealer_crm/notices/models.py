from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something a person should know, shown at the bell.

    `key` names the occasion (`complaint:17:reply:warning`); one person is told of one occasion once, however often the
    job that tells is run.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("recipient"), related_name="notices"
    )
    key = models.CharField(_("occasion"), max_length=120)
    text = models.CharField(_("text"), max_length=300)
    url = models.CharField(_("address"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="one_notice_per_occasion")]
        indexes = [models.Index(fields=["recipient", "-at"], name="notice_unread", condition=Q(read_at=None))]

    def __str__(self):
        return self.text
