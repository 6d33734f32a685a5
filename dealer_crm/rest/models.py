from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """The answer given to a POST with an `Idempotency-Key`, given again when the same key comes back.

    Source: spec `interfaces.md` (HTTP API). Rows older than a day are swept.
    """

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, path and body: one key is for one request
    status = models.PositiveSmallIntegerField()
    body = models.JSONField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="one_answer_per_key")]
        indexes = [models.Index("kept_at", name="kept_answer_age")]

    def __str__(self):
        return self.key
