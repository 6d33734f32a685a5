"""The appointment book over HTTP."""

from datetime import datetime

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.serializers import ReasonSerializer, StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values.phone import masked_phone
from reception import actions, queries
from reception.api.fields import Writing
from reception.choices import AppointmentWay, OrderKind
from reception.forms import AppointmentFilter
from reception.models import Appointment


class AppointmentSerializer(serializers.ModelSerializer):
    """An appointment; the phone is masked."""

    store = serializers.SlugRelatedField(slug_field="code", read_only=True)
    advisor = StaffField(read_only=True)
    made_by = StaffField(read_only=True)
    contact_phone = serializers.SerializerMethodField(help_text="masked")

    class Meta:
        model = Appointment
        fields = [
            "id", "number", "store", "plate", "vehicle", "customer", "contact_name", "contact_phone", "kind",
            "starts_at", "way", "state", "advisor", "wishes", "moved_count", "order", "made_by", "made_at",
            "confirmed_at", "ended_at", "cancel_reason", "version",
        ]  # fmt: skip

    def get_contact_phone(self, appointment) -> str:
        return masked_phone(appointment.contact_phone)


class NewAppointmentSerializer(serializers.Serializer):
    """A known `plate` brings car, customer, name and phone; for another one `contact_name` and `contact_phone` are
    needed."""

    plate = serializers.CharField(max_length=20)
    kind = serializers.ChoiceField(OrderKind.choices)
    starts_at = serializers.DateTimeField()
    way = serializers.ChoiceField(AppointmentWay.choices, required=False)
    contact_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    contact_phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    advisor = StaffField(required=False, allow_null=True)
    wishes = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class AppointmentChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(OrderKind.choices, required=False)
    contact_name = serializers.CharField(max_length=80, required=False)
    contact_phone = serializers.CharField(max_length=30, required=False)
    advisor = StaffField(required=False, allow_null=True)
    wishes = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class MoveSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ArrivalSerializer(serializers.Serializer):
    """What is seen at the gate. Type, advisor and wishes come from the appointment unless said otherwise."""

    promised_at = serializers.DateTimeField()
    mileage = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    mileage_reason = serializers.CharField(required=False, allow_blank=True, max_length=120)
    fuel_percent = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    kind = serializers.ChoiceField(OrderKind.choices, required=False)
    advisor = StaffField(required=False, allow_null=True)
    symptoms = serializers.CharField(required=False, allow_blank=True)
    confirmed = serializers.BooleanField(required=False, help_text="a second open order of the car is wanted")


class SlotSerializer(serializers.Serializer):
    starts_at = serializers.DateTimeField()
    places = serializers.IntegerField()
    taken = serializers.IntegerField()
    free = serializers.IntegerField()


class SlotQuerySerializer(serializers.Serializer):
    day = serializers.DateField()
    kind = serializers.ChoiceField(OrderKind.choices, default=OrderKind.MAINTENANCE)


class AppointmentViewSet(Idempotent, Writing, ReadViewSet):
    queryset = Appointment.objects.select_related("store", "advisor", "made_by")
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter
    permissions = {
        "list": Permission.APPOINTMENT_VIEW,
        "retrieve": Permission.APPOINTMENT_VIEW,
        "slots": Permission.APPOINTMENT_VIEW,
        "create": Permission.APPOINTMENT_CHANGE,
        "partial_update": Permission.APPOINTMENT_CHANGE,
        "confirm": Permission.APPOINTMENT_CHANGE,
        "reschedule": Permission.APPOINTMENT_CHANGE,
        "cancel": Permission.APPOINTMENT_CHANGE,
        "miss": Permission.APPOINTMENT_CHANGE,
        "arrive": Permission.ORDER_CREATE,
    }

    def _done(self, deed, serializer_class=None) -> Response:
        """One act on the appointment: read what was said, do it, show the appointment as it is now."""
        appointment = self.get_object()
        said = self._read(serializer_class) if serializer_class else {}
        deed(appointment=appointment, expected_version=self.expected_version(), **self._who(), **said)
        return self._shown(appointment.pk)

    @extend_schema(request=NewAppointmentSerializer, responses={201: AppointmentSerializer})
    def create(self, request):
        """Put a car down for a time. A full hour is refused with the next free ones."""
        given = self._read(NewAppointmentSerializer)
        appointment = actions.make_appointment(store=self._store(), **self._who(), **given)
        return self._shown(appointment.pk, status.HTTP_201_CREATED)

    @extend_schema(request=AppointmentChangeSerializer)
    def partial_update(self, request, pk=None):
        """Change what is wanted or who comes; `If-Match` with the version seen. The time: `reschedule`."""
        return self._done(actions.change_appointment, AppointmentChangeSerializer)

    @extend_schema(
        parameters=[SlotQuerySerializer, OpenApiParameter("cursor", exclude=True)],
        responses=SlotSerializer(many=True), filters=False,
    )  # fmt: skip
    @action(detail=False, methods=["get"], pagination_class=None)
    def slots(self, request):
        """The hours of a day of the caller's store, with what is free for a type of order."""
        asked = SlotQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        store, day, kind = self._store(), asked.validated_data["day"], asked.validated_data["kind"]
        rows = [
            {
                "starts_at": datetime.combine(day, slot.begins, store.tz),
                "places": slot.places,
                "taken": slot.taken,
                "free": slot.free_for(kind),
            }
            for slot in queries.day_of(store, day).slots
        ]
        return Response(SlotSerializer(rows, many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request, pk=None):
        """The customer says once more that the car will come."""
        return self._done(actions.confirm_appointment)

    @extend_schema(request=MoveSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request, pk=None):
        """Another time; how often is counted."""
        return self._done(actions.move_appointment, MoveSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        return self._done(actions.cancel_appointment, ReasonSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def miss(self, request, pk=None):
        """The car did not come; the program notes it by itself after a while."""
        return self._done(actions.miss_appointment)

    @extend_schema(request=ArrivalSerializer)
    @action(detail=True, methods=["post"])
    def arrive(self, request, pk=None):
        """The car is here: its order is opened (`order` names it). For a car on record; another one is taken in with
        its papers at the gate."""
        appointment = self.get_object()
        actions.take_in_appointment(
            appointment=appointment, expected_version=self.expected_version(), **self._who(),
            **self._read(ArrivalSerializer),
        )  # fmt: skip
        return self._shown(appointment.pk)


routes = [("appointments", AppointmentViewSet, "appointment")]
