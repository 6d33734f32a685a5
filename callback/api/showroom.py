"""New-car handovers and the showroom's leads over HTTP. A lead's number is masked, as everywhere."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from callback import actions
from callback.choices import LeadLevel, LeadState, VisitSource
from callback.models import Handover, Lead, LeadTalk
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values.phone import masked_phone
from reception.choices import Gender
from reception.models import Vehicle


class HandoverSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    vin = serializers.CharField(source="vehicle.vin", read_only=True)
    noted_by = serializers.CharField(source="noted_by.work_number", default=None, read_only=True)

    class Meta:
        model = Handover
        fields = (
            "id", "store", "customer", "customer_name", "vehicle", "plate", "vin", "handed_over_at", "salesperson",
            "noted_by", "noted_at",
        )  # fmt: skip


class NewHandoverSerializer(serializers.Serializer):
    """To the owner of the car; a car is new once."""

    vehicle = serializers.PrimaryKeyRelatedField(queryset=Vehicle.objects.none())
    handed_over_at = serializers.DateTimeField()
    salesperson = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["vehicle"].queryset = Vehicle.objects.visible_to(request.user).standing()


class HandoverFilter(django_filters.FilterSet):
    since = django_filters.IsoDateTimeFilter(field_name="handed_over_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="handed_over_at", lookup_expr="lt")

    class Meta:
        model = Handover
        fields = ("customer", "vehicle")


class HandoverViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Handover.objects.select_related("store", "customer", "vehicle", "noted_by")
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    permissions = {
        "list": Permission.CALL_VIEW,
        "retrieve": Permission.CALL_VIEW,
        "create": Permission.HANDOVER_CREATE,
    }

    @extend_schema(request=NewHandoverSerializer, responses={201: HandoverSerializer})
    def create(self, request):
        """Note that a new car was handed over; the calls after it follow of themselves."""
        said = NewHandoverSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        made = actions.hand_over_new_car(
            store=store_of(request.user), **said.validated_data, by=request.user, at=timezone.now()
        )
        return Response(HandoverSerializer(made).data, status=status.HTTP_201_CREATED)


class LeadTalkSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.work_number", default=None)

    class Meta:
        model = LeadTalk
        fields = ("id", "kind", "at", "by", "said", "price", "gifts", "reason", "level", "car")


class LeadSerializer(serializers.ModelSerializer):
    """`talks`: the newest first."""

    store = serializers.CharField(source="store.code", read_only=True)
    phone = serializers.SerializerMethodField(help_text="masked")
    entered_by = serializers.CharField(source="entered_by.work_number", default=None, read_only=True)
    talks = LeadTalkSerializer(many=True, read_only=True)

    class Meta:
        model = Lead
        fields = (
            "id", "store", "name", "phone", "gender", "source", "features", "model", "level", "first_quote",
            "consultant", "state", "next_contact_on", "lost_reason", "lost_note", "closed_at", "customer", "handover",
            "entered_by", "entered_at", "talks", "version",
        )  # fmt: skip

    def get_phone(self, lead) -> str:
        return masked_phone(lead.phone) if lead.phone else ""


class NewLeadSerializer(serializers.Serializer):
    """A visitor who may buy, with the first talk (`said`) when there was one. A name or a number is needed; what is
    not known yet may stay away."""

    source = serializers.ChoiceField(choices=VisitSource.choices)
    level = serializers.ChoiceField(choices=LeadLevel.choices)
    name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    gender = serializers.ChoiceField(choices=Gender.choices, required=False, allow_blank=True, default="")
    model = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    first_quote = serializers.DecimalField(
        max_digits=14, decimal_places=2, min_value=0, required=False, allow_null=True, default=None
    )
    consultant = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    features = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    came_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    people = serializers.IntegerField(min_value=1, max_value=50, required=False, default=1)
    next_contact_on = serializers.DateField(required=False, allow_null=True, default=None)
    gifts = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    said = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class LeadFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=LeadState.choices)
    contact_by = django_filters.DateFilter(field_name="next_contact_on", lookup_expr="lte")
    since = django_filters.IsoDateTimeFilter(field_name="entered_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="entered_at", lookup_expr="lt")

    class Meta:
        model = Lead
        fields = ("level", "source", "customer")


class LeadViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Lead.objects.select_related("store", "entered_by").prefetch_related("talks__by")
    serializer_class = LeadSerializer
    filterset_class = LeadFilter
    permissions = {
        "list": Permission.SHOWROOM_VIEW,
        "retrieve": Permission.SHOWROOM_VIEW,
        "create": Permission.LEAD_CHANGE,
    }

    @extend_schema(request=NewLeadSerializer, responses={201: LeadSerializer})
    def create(self, request):
        """Count who came and follow them up. 409 `lead_known` while an open lead has the number."""
        said = NewLeadSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        lead = actions.enter_lead(
            store=store_of(request.user), **said.validated_data, by=request.user, at=timezone.now()
        )
        return Response(LeadSerializer(self.queryset.all().get(pk=lead.pk)).data, status=status.HTTP_201_CREATED)
