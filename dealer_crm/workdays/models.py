from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """Whether one day is worked: the country's rule (`store_code` empty) or one store's exception to it.

    Stores are named by code because this floor lies below the organisation. A year is *loaded* when all of its days
    have a national row; rows a person has entered (`is_edited`) stay when it is loaded again.
    Source: spec `people-and-roles.md` (working calendar).
    """

    day = models.DateField(_("day"))
    store_code = models.CharField(_("store"), max_length=20, blank=True, default="")
    is_working = models.BooleanField(_("is worked"))
    name = models.CharField(_("reason"), max_length=60, blank=True)
    is_edited = models.BooleanField(_("entered by a person"), default=False)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["day", "store_code"]
        constraints = [models.UniqueConstraint(fields=["day", "store_code"], name="one_rule_per_day_and_store")]

    def __str__(self):
        return f"{self.day} {self.store_code} {'工作' if self.is_working else '休息'} {self.name}".strip()
