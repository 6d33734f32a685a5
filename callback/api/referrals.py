"""Questions of customers handed to departments (转单), over HTTP."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response

from callback import actions
from callback.choices import Department, ReferralState
from callback.models import Contact, Referral, ReferralTime
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.rest.serializers import StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet


class ReferralTimeSerializer(serializers.ModelSerializer):
    made_by = serializers.CharField(source="made_by.work_number")

    class Meta:
        model = ReferralTime
        fields = ("promised_at", "made_by", "made_at", "reason", "ended_at", "was_replaced")


class ReferralSerializer(serializers.ModelSerializer):
    """`times`: what was agreed with the customer; the one without `ended_at` stands."""

    store = serializers.CharField(source="store.code", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    plate = serializers.CharField(source="vehicle.plate", default=None, read_only=True)
    order_number = serializers.CharField(source="order.number", default=None, read_only=True)
    person = serializers.CharField(source="person.work_number", read_only=True)
    asked_by = serializers.CharField(source="asked_by.work_number", read_only=True)
    answered_by = serializers.CharField(source="answered_by.work_number", default=None, read_only=True)
    ended_by = serializers.CharField(source="ended_by.work_number", default=None, read_only=True)
    times = ReferralTimeSerializer(many=True, read_only=True)

    class Meta:
        model = Referral
        fields = (
            "id", "store", "customer", "customer_name", "vehicle", "plate", "order", "order_number", "contact", "task",
            "question", "department", "person", "asked_by", "asked_at", "handed_at", "answer_by", "answer",
            "answered_by", "answered_at", "result", "ended_by", "ended_at", "state", "times", "version",
        )  # fmt: skip


class NewReferralSerializer(serializers.Serializer):
    """A question that came up in a contact. `person`: work number of who is asked; `promised_at` is needed when the
    answer does not come today."""

    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.none())
    question = serializers.CharField(max_length=2000)
    department = serializers.ChoiceField(choices=Department.choices)
    person = StaffField()
    answer_by = serializers.DateTimeField()
    promised_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["contact"].queryset = Contact.objects.visible_to(request.user).select_related(
                "store", "customer", "vehicle", "order"
            )
            self.fields["person"].queryset = Staff.objects.filter(store=request.user.store_id, is_active=True)


class ReferralFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=ReferralState.choices)
    person = django_filters.CharFilter(field_name="person__work_number")
    due_before = django_filters.IsoDateTimeFilter(field_name="answer_by", lookup_expr="lt")
    since = django_filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="asked_at", lookup_expr="lt")

    class Meta:
        model = Referral
        fields = ("department", "customer", "order")


class ReferralViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Referral.objects.select_related(
        "store", "customer", "vehicle", "order", "person", "asked_by", "answered_by", "ended_by"
    ).prefetch_related("times__made_by")
    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter
    permissions = {
        "list": Permission.CALL_VIEW,
        "retrieve": Permission.CALL_VIEW,
        "create": Permission.CALL_TAKE,
    }

    @extend_schema(request=NewReferralSerializer, responses={201: ReferralSerializer})
    def create(self, request):
        """Hand a question on; who is asked is told at once."""
        said = NewReferralSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        contact = said.validated_data["contact"]
        made = actions.refer(
            store=contact.store, customer=contact.customer, vehicle=contact.vehicle, order=contact.order,
            **said.validated_data, by=request.user, at=timezone.now(),
        )  # fmt: skip
        return Response(ReferralSerializer(self.queryset.all().get(pk=made.pk)).data, status=status.HTTP_201_CREATED)
