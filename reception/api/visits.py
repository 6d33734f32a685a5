"""What is seen, photographed and signed, over HTTP, nested under its order: `repair-orders/{id}/walk-round/` …

Signatures are read only: they are given in front of the paper they stand under. Source: spec `reception.md` (Intake).
"""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.files.answers import file_response
from dealer_crm.rest.serializers import StaffField
from reception import actions
from reception.actions import MarkDraft
from reception.choices import Belonging, CarPart, MarkKind, PhotoTopic
from reception.formulas.diagram import place_on
from reception.models import OrderPhoto, Signature, WalkRound
from reception.queries import visits

_PICTURE = {(200, "image/*"): OpenApiTypes.BINARY}
_ID = OpenApiParameter("number", int, "path", description="id of the picture or signature")


class MarkSerializer(serializers.Serializer):
    """A mark on the diagram; `x` and `y` in thousandths of it, `part` the part of the car it lies on."""

    kind = serializers.ChoiceField(MarkKind.choices)
    part = serializers.ChoiceField(CarPart.choices)
    x = serializers.IntegerField()
    y = serializers.IntegerField()
    note = serializers.CharField()


class WalkRoundSerializer(serializers.ModelSerializer):
    marks = serializers.SerializerMethodField()
    walked_by = StaffField(read_only=True)

    class Meta:
        model = WalkRound
        fields = ["marks", "is_unmarked", "belongings", "belongings_note", "note", "walked_by", "walked_at"]

    @extend_schema_field(MarkSerializer(many=True))
    def get_marks(self, walk_round):
        return MarkSerializer(visits.marks_of(walk_round), many=True).data


class NewMarkSerializer(serializers.Serializer):
    """A mark as seen: at a point (`x` and `y`), or on a `part`."""

    kind = serializers.ChoiceField(MarkKind.choices)
    part = serializers.ChoiceField(CarPart.choices, required=False)
    x = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    y = serializers.IntegerField(min_value=0, max_value=1000, required=False)
    note = serializers.CharField(max_length=120, required=False, allow_blank=True)

    def validate(self, said):
        if "part" not in said and not {"x", "y"} <= said.keys():
            raise serializers.ValidationError({"part": self.fields["part"].error_messages["required"]})
        return said


class NewWalkRoundSerializer(serializers.Serializer):
    """The whole sheet. `seen_at`: `walked_at` of the one it takes the place of; left out for the first."""

    marks = NewMarkSerializer(many=True, required=False)
    is_unmarked = serializers.BooleanField(required=False)
    belongings = serializers.ListField(child=serializers.ChoiceField(Belonging.choices), required=False)
    belongings_note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    fuel_percent = serializers.IntegerField(min_value=0, max_value=100, required=False)
    seen_at = serializers.DateTimeField(required=False)


class PhotoSerializer(serializers.ModelSerializer):
    taken_by = StaffField(read_only=True)
    add_on = serializers.IntegerField(source="add_on.number", read_only=True, default=None)
    picture = serializers.SerializerMethodField()

    class Meta:
        model = OrderPhoto
        fields = ["id", "topic", "note", "add_on", "taken_by", "taken_at", "picture"]

    @extend_schema_field(OpenApiTypes.URI)
    def get_picture(self, photo):
        return reverse("repair-order-photo", args=[photo.order_id, photo.pk])


class NewPhotosSerializer(serializers.Serializer):
    photos = serializers.ListField(child=serializers.FileField(), allow_empty=False)
    topic = serializers.ChoiceField(PhotoTopic.choices, required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SignatureSerializer(serializers.ModelSerializer):
    """`content` is what was signed, word for word; `changes` names what has become different since; `picture` is null
    when the paper itself was signed."""

    add_on = serializers.IntegerField(source="add_on.number", read_only=True, default=None)
    taken_by = StaffField(read_only=True)
    changes = serializers.SerializerMethodField()
    picture = serializers.SerializerMethodField()

    class Meta:
        model = Signature
        fields = [
            "id", "paper", "add_on", "signer", "signed_at", "taken_by", "content", "content_hash", "changes", "picture",
        ]  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_changes(self, signature):
        return self.context["changes"][signature.pk]

    @extend_schema_field({"type": "string", "format": "uri", "nullable": True})
    def get_picture(self, signature):
        return signature.file and reverse("repair-order-signature-picture", args=[signature.order_id, signature.pk])


class VisitActions:
    """Mixin of the order's viewset."""

    visit_permissions = {
        "walk_round": Permission.ORDER_VIEW,
        "record_walk_round": Permission.ORDER_CHANGE,
        "photos": Permission.ORDER_VIEW,
        "take_photos": Permission.ORDER_CHANGE,
        "photo": Permission.ORDER_VIEW,
        "signatures": Permission.ORDER_VIEW,
        "signature_picture": Permission.ORDER_VIEW,
    }

    @extend_schema(responses=WalkRoundSerializer)
    @action(detail=True, methods=["get"], url_path="walk-round")
    def walk_round(self, request, pk=None):
        """Marks on the car and belongings in it; 404 before anybody has walked round."""
        found = visits.walk_round_of(self.get_object())
        if found is None:
            raise Http404
        return Response(WalkRoundSerializer(found).data)

    @extend_schema(request=NewWalkRoundSerializer, responses=WalkRoundSerializer)
    @walk_round.mapping.put
    def record_walk_round(self, request, pk=None):
        """Write the sheet, in place of the one seen, until the customer has signed the order."""
        order = self._own()
        said = self._read(NewWalkRoundSerializer)
        said["marks"] = _drafts(said.get("marks", ()))
        made = actions.record_walk_round(order=order, is_first="seen_at" not in said, **self._who(), **said)
        return Response(WalkRoundSerializer(made).data)

    @extend_schema(responses=PhotoSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def photos(self, request, pk=None):
        rows = self.get_object().photos.select_related("add_on", "taken_by")
        return Response(PhotoSerializer(rows, many=True).data)

    @extend_schema(
        request={"multipart/form-data": NewPhotosSerializer}, responses={201: PhotoSerializer(many=True)}, filters=False
    )
    @photos.mapping.post
    def take_photos(self, request, pk=None):
        """Keep pictures of the car: all of them or, when one can't be read, none."""
        order = self._own()
        said = self._read(NewPhotosSerializer)
        taken = actions.take_photos(order=order, uploads=said.pop("photos"), **self._who(), **said)
        return Response(PhotoSerializer(taken, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=_PICTURE, parameters=[_ID])
    @action(detail=True, methods=["get"], url_path=r"photos/(?P<number>\d+)")
    def photo(self, request, pk=None, number=None):
        """The picture itself."""
        return file_response(get_object_or_404(self.get_object().photos.select_related("file"), pk=number).file)

    @extend_schema(responses=SignatureSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def signatures(self, request, pk=None):
        """Who signed what, and what has changed since."""
        sheets = visits.evidence_of(self.get_object()).signed
        changes = {sheet.signature.pk: sheet.changes for sheet in sheets}
        rows = [sheet.signature for sheet in sheets]
        return Response(SignatureSerializer(rows, many=True, context={"changes": changes}).data)

    @extend_schema(responses=_PICTURE, parameters=[_ID])
    @action(detail=True, methods=["get"], url_path=r"signatures/(?P<number>\d+)/picture", url_name="signature-picture")
    def signature_picture(self, request, pk=None, number=None):
        """The drawn signature; 404 when it stands on paper."""
        signature = get_object_or_404(self.get_object().signatures.select_related("file"), pk=number)
        if signature.file is None:
            raise Http404
        return file_response(signature.file)


def _drafts(marks) -> list[MarkDraft]:
    taken, drafts = set(), []
    for mark in marks:
        spot = (mark["x"], mark["y"]) if {"x", "y"} <= mark.keys() else place_on(mark["part"], frozenset(taken))
        taken.add(spot)
        drafts.append(MarkDraft(MarkKind(mark["kind"]), *spot, mark.get("note", "")))
    return drafts
