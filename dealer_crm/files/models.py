import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dealer_crm.files.choices import FileKind
from dealer_crm.organization.models import Staff, Store, StoreOwned


class StoredFile(models.Model):
    """A file somebody brought: checked by content, kept outside the web root under a name of its own.

    It is handed out only by the page of the thing it belongs to, which asks for the permission.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    store = models.ForeignKey(Store, models.PROTECT, verbose_name=_("store"), related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=FileKind)
    media_type = models.CharField(_("media type"), max_length=60)
    name = models.CharField(_("name"), max_length=160)
    path = models.CharField(_("place below the media folder"), max_length=200, unique=True)
    size = models.PositiveIntegerField(_("size (bytes)"))
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    brought_by = models.ForeignKey(
        Staff, models.PROTECT, verbose_name=_("brought by"), null=True, blank=True, related_name="+"
    )
    brought_at = models.DateTimeField(_("brought"))

    objects = StoreOwned.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["-brought_at"]

    def __str__(self):
        return self.name
