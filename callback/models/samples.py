"""Draws by lot. Source: spec `callback.md` (weekly sample, monthly survey, re-check: "chosen at random with a recorded
seed")."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from callback.models.rules import Rule


class Sample(models.Model):
    """One draw of a rule for a span (`2026-W42`, `2026-10`, `2026-10-14`), made once and repeatable.

    `eligible` and `drawn`: group (brand, store, agent) → ids of the orders or contacts, `eligible` in rising order.
    `formulas.draw` with `seed` and the same `eligible` gives `drawn` again.
    """

    rule = models.ForeignKey(Rule, models.PROTECT, verbose_name=_("rule"), related_name="samples")
    span = models.CharField(_("span"), max_length=10)
    seed = models.BigIntegerField(_("seed"))
    share = models.CharField(_("how many"), max_length=10, help_text=_("A number for each group, or a share of it."))
    eligible = models.JSONField(_("could be drawn"))
    drawn = models.JSONField(_("drawn"))
    drawn_at = models.DateTimeField(_("drawn at"))

    class Meta:
        verbose_name = _("sample")
        verbose_name_plural = _("samples")
        ordering = ["-drawn_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["rule", "span"], name="one_draw_per_rule_and_span")]

    def __str__(self):
        return f"{self.rule_id} {self.span}"
