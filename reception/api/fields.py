"""What the reception's resources share: rows and people as the API names them, reading and answering."""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.response import Response

from dealer_crm.values import Refusal


class VisibleField(serializers.PrimaryKeyRelatedField):
    """A row named by id, if the caller may know of it."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.context["request"].user)


def money_field(**options) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, **options)


class Writing:
    """What writing resources share."""

    def _read(self, serializer_class, **options) -> dict:
        said = serializer_class(data=self.request.data, context=self.get_serializer_context(), **options)
        said.is_valid(raise_exception=True)
        return dict(said.validated_data)

    def _who(self) -> dict:
        return {"by": self.request.user, "at": timezone.now()}

    def _store(self):
        if self.request.user.store is None:
            raise Refusal(_("This is entered by people who belong to a store."), code="no_store")
        return self.request.user.store

    def _shown(self, pk, code=status.HTTP_200_OK) -> Response:
        thing = self.get_queryset().get(pk=pk)
        return Response(self.serializer_class(thing, context=self.get_serializer_context()).data, status=code)
