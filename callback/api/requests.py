"""Service requests over HTTP. The number of who asks is masked, as everywhere. Source: spec `callback.md`."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from callback import actions
from callback.actions import PartAsked
from callback.choices import Department, RequestKind, RequestProblem, RequestSource, RequestState
from callback.models import RequestActivity, RequestPart, ServiceRequest
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values.phone import masked_phone
from reception.models import Customer, RepairOrder, Vehicle


class RequestPartSerializer(serializers.ModelSerializer):
    class Meta:
        model = RequestPart
        fields = ("code", "name", "quantity")


class RequestActivitySerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.work_number", read_only=True)

    class Meta:
        model = RequestActivity
        fields = ("kind", "text", "by", "at")


class ServiceRequestSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    customer_name = serializers.CharField(source="customer.name", default=None, read_only=True)
    plate = serializers.CharField(source="vehicle.plate", default=None, read_only=True)
    caller_phone = serializers.SerializerMethodField(help_text="masked")
    agreement = serializers.CharField(source="agreement.number", default=None, read_only=True)
    person = serializers.CharField(source="person.work_number", default=None, read_only=True)
    answered_by = serializers.CharField(source="answered_by.work_number", default=None, read_only=True)
    was_in_time = serializers.BooleanField(read_only=True)
    parts = RequestPartSerializer(many=True, read_only=True)
    activities = RequestActivitySerializer(many=True, read_only=True)

    class Meta:
        model = ServiceRequest
        fields = (
            "id", "number", "store", "kind", "source", "problem", "customer", "customer_name", "vehicle", "plate",
            "order", "agreement", "caller_name", "caller_phone", "place", "description", "department", "person",
            "received_at", "answer_by", "answered_at", "answered_by", "was_in_time", "state", "is_solved", "result",
            "cost_amount", "ended_at", "parts", "activities", "version",
        )  # fmt: skip

    def get_caller_phone(self, request) -> str:
        return masked_phone(request.caller_phone) if request.caller_phone else ""


class PartAskedSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=40, allow_blank=True, default="")
    name = serializers.CharField(max_length=80)
    quantity = serializers.DecimalField(max_digits=8, decimal_places=2, default=1)


class NewServiceRequestSerializer(serializers.Serializer):
    """`person`: a work number; without `answer_by` the customer's agreement or the kind's usual time sets it."""

    kind = serializers.ChoiceField(choices=RequestKind.choices)
    source = serializers.ChoiceField(choices=RequestSource.choices, default=RequestSource.PHONE)
    problem = serializers.ChoiceField(choices=RequestProblem.choices, default=RequestProblem.OTHER)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none(), allow_null=True, default=None)
    vehicle = serializers.PrimaryKeyRelatedField(queryset=Vehicle.objects.none(), allow_null=True, default=None)
    order = serializers.PrimaryKeyRelatedField(queryset=RepairOrder.objects.none(), allow_null=True, default=None)
    caller_name = serializers.CharField(max_length=80, allow_blank=True, default="")
    caller_phone = serializers.CharField(max_length=30, allow_blank=True, default="")
    place = serializers.CharField(max_length=120, allow_blank=True, default="")
    description = serializers.CharField(max_length=2000)
    department = serializers.ChoiceField(choices=Department.choices, allow_blank=True, default="")
    person = serializers.SlugRelatedField(
        slug_field="work_number", queryset=Staff.objects.none(), allow_null=True, default=None
    )
    received_at = serializers.DateTimeField(allow_null=True, default=None)
    answer_by = serializers.DateTimeField(allow_null=True, default=None)
    parts = PartAskedSerializer(many=True, default=list)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            for name, model in (("customer", Customer), ("vehicle", Vehicle), ("order", RepairOrder)):
                self.fields[name].queryset = model.objects.visible_to(request.user)
            self.fields["person"].queryset = Staff.objects.filter(store=request.user.store_id)


class ServiceRequestFilter(django_filters.FilterSet):
    since = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")
    kind = django_filters.ChoiceFilter(choices=RequestKind.choices)
    state = django_filters.ChoiceFilter(choices=RequestState.choices)
    person = django_filters.CharFilter(field_name="person__work_number")

    class Meta:
        model = ServiceRequest
        fields = ("customer", "vehicle", "order")


class ServiceRequestViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = ServiceRequest.objects.select_related(
        "store", "customer", "vehicle", "agreement", "person", "answered_by"
    ).prefetch_related("parts", "activities__by")
    serializer_class = ServiceRequestSerializer
    filterset_class = ServiceRequestFilter
    permissions = {
        "list": Permission.SERVICE_REQUEST_VIEW,
        "retrieve": Permission.SERVICE_REQUEST_VIEW,
        "create": Permission.SERVICE_REQUEST_CREATE,
    }

    @extend_schema(request=NewServiceRequestSerializer, responses={201: ServiceRequestSerializer})
    def create(self, request):
        """Take a request down; who answers it is told at once."""
        said = NewServiceRequestSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        facts = dict(said.validated_data)
        parts = [PartAsked(**part) for part in facts.pop("parts")]
        made = actions.take_request(
            store=store_of(request.user), **facts, parts=parts, by=request.user, at=timezone.now()
        )
        return Response(ServiceRequestSerializer(made).data, status=status.HTTP_201_CREATED)
