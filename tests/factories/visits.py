"""Photos and signatures of an order, with their files."""

import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import factory

from dealer_crm.files.choices import FileKind
from dealer_crm.files.models import StoredFile
from reception.choices import PhotoTopic, SignedPaper
from reception.formulas.signing import fingerprint
from reception.models import OrderPhoto, Signature
from reception.queries import whole_orders
from reception.queries.visits import content_to_sign
from tests.factories.files import picture
from tests.factories.reception import RepairOrderFactory

_PLACE = tempfile.TemporaryDirectory(prefix="kept-files-")
"""Every test has a media folder of its own; what is made for many tests at once lies here, by its absolute path."""


class StoredFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StoredFile

    kind = FileKind.IMAGE
    media_type = "image/png"
    name = "照片.png"
    width, height = 40, 30
    content_hash = "0" * 64

    @classmethod
    def _create(cls, model, *args, **fields):
        content = picture(40, 30, form="PNG", colour="white")
        path = Path(_PLACE.name) / f"{uuid4()}.png"
        path.write_bytes(content)
        return super()._create(model, *args, **{"path": str(path), "size": len(content), **fields})


class OrderPhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = OrderPhoto

    order = factory.SubFactory(RepairOrderFactory)
    topic = PhotoTopic.WALK_ROUND
    taken_at = factory.LazyAttribute(lambda made: made.order.arrived_at + timedelta(minutes=5))
    file = factory.SubFactory(
        StoredFileFactory, store=factory.SelfAttribute("..order.store"), brought_at=factory.SelfAttribute("..taken_at")
    )


class SignatureFactory(factory.django.DjangoModelFactory):
    """A drawn signature under what the order says now."""

    class Meta:
        model = Signature

    order = factory.SubFactory(RepairOrderFactory)
    paper = SignedPaper.ORDER
    signer = "王先生"
    signed_at = factory.LazyAttribute(lambda made: made.order.arrived_at + timedelta(minutes=10))
    taken_by = factory.SelfAttribute("order.advisor")
    content = factory.LazyAttribute(
        lambda made: content_to_sign(whole_orders(made.order.advisor).get(pk=made.order.pk), made.paper)
    )
    content_hash = factory.LazyAttribute(lambda made: fingerprint(made.content))
    file = factory.SubFactory(
        StoredFileFactory, store=factory.SelfAttribute("..order.store"), brought_at=factory.SelfAttribute("..signed_at")
    )
