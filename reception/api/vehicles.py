"""Vehicles over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception import actions
from reception.api.fields import VisibleField, Writing
from reception.forms import VehicleFilter
from reception.models import (
    Customer,
    Vehicle,
)


class VehicleSerializer(serializers.ModelSerializer):
    owner = VisibleField(queryset=Customer.objects.all(), allow_null=True, required=False)
    plate = serializers.CharField(max_length=20, required=False, help_text="京A12345, or 京AD12345 for new-energy cars")
    vin = serializers.CharField(max_length=20, required=False, allow_blank=True)

    class Meta:
        model = Vehicle
        fields = [
            "id", "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
            "warranty_ends_on", "warranty_km", "insurance_ends_on", "owner", "store", "mileage", "next_service_on",
            "next_service_km", "last_visit_at", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "store", "mileage", "last_visit_at", "version"]


class VehicleViewSet(Idempotent, Writing, ReadViewSet):
    queryset = Vehicle.objects.all()
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilter
    permissions = {
        "list": Permission.VEHICLE_VIEW,
        "retrieve": Permission.VEHICLE_VIEW,
        "create": Permission.VEHICLE_CHANGE,
        "partial_update": Permission.VEHICLE_CHANGE,
    }

    @extend_schema(responses={201: VehicleSerializer})
    def create(self, request):
        given = {"owner": None, **self._read(VehicleSerializer)}
        vehicle = actions.create_vehicle(store=self._store(), **self._who(), **given)
        return self._shown(vehicle.pk, status.HTTP_201_CREATED)

    def partial_update(self, request, pk=None):
        """Change fields; `If-Match` with the version seen."""
        vehicle = self.get_object()
        given = self._read(VehicleSerializer, partial=True)
        actions.change_vehicle(vehicle=vehicle, expected_version=self.expected_version(), **self._who(), **given)
        return self._shown(vehicle.pk)


routes = [("vehicles", VehicleViewSet, "vehicle")]
