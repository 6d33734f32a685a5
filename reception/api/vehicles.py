"""Vehicles over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception import actions
from reception.api.changes import ShowingWaiting, status_of, with_waiting
from reception.api.fields import VisibleField, Writing
from reception.forms import VehicleFilter
from reception.models import Customer, Vehicle, VehicleDriver


class DriverSerializer(serializers.ModelSerializer):
    phone = serializers.CharField(source="shown_phone", read_only=True, help_text="masked")

    class Meta:
        model = VehicleDriver
        fields = ["id", "name", "phone", "relation"]


class VehicleSerializer(ShowingWaiting, serializers.ModelSerializer):
    """`merged_into`: the vehicle this double became a part of."""

    store = serializers.SlugRelatedField("code", read_only=True)
    drivers = DriverSerializer(many=True, read_only=True)
    owner = VisibleField(queryset=Customer.objects.all(), allow_null=True, required=False)
    plate = serializers.CharField(max_length=20, required=False, help_text="京A12345, or 京AD12345 for new-energy cars")
    vin = serializers.CharField(max_length=20, required=False, allow_blank=True)

    class Meta:
        model = Vehicle
        fields = [
            "id", "plate", "vin", "vin_override_reason", "brand", "series", "model", "engine_number", "purchased_on",
            "warranty_ends_on", "warranty_km", "insurance_ends_on", "owner", "store", "mileage", "next_service_on",
            "next_service_km", "last_visit_at", "drivers", "merged_into", "waiting_changes", "reason", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "mileage", "last_visit_at", "merged_into", "version"]


class VehicleViewSet(Idempotent, Writing, ReadViewSet):
    """A double that was merged is in no list; asked for by its id it names the vehicle it went into."""

    queryset = with_waiting(Vehicle.objects.select_related("store").prefetch_related("drivers"))
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilter
    permissions = {
        "list": Permission.VEHICLE_VIEW,
        "retrieve": Permission.VEHICLE_VIEW,
        "create": Permission.VEHICLE_CHANGE,
        "partial_update": Permission.VEHICLE_CHANGE,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.standing() if self.action == "list" else rows

    @extend_schema(responses={201: VehicleSerializer})
    def create(self, request):
        given = {"owner": None, **self._read(VehicleSerializer)}
        given.pop("reason", None)  # nothing is on record yet that it could explain
        vehicle = actions.create_vehicle(store=self._store(), **self._who(), **given)
        return self._shown(vehicle.pk, status.HTTP_201_CREATED)

    @extend_schema(responses={200: VehicleSerializer, 202: VehicleSerializer})
    def partial_update(self, request, pk=None):
        """Change fields; `If-Match` with the version seen.

        202: another plate, VIN or owner is asked for with its `reason` and stands in `waiting_changes`.
        """
        vehicle, who = self.get_object(), self._who()
        given = self._read(VehicleSerializer, partial=True)
        actions.change_vehicle(vehicle=vehicle, expected_version=self.expected_version(), **who, **given)
        return self._shown(vehicle.pk, status_of(vehicle, who))


routes = [("vehicles", VehicleViewSet, "vehicle")]
