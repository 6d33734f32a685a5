"""Callbacks and contacts over HTTP. Source: spec `interfaces.md` (HTTP API)."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from callback import actions
from callback.choices import Outcome, TaskState
from callback.models import CallTask, Contact
from complaints.models import Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet


class CallTaskSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    rule = serializers.CharField(source="rule.code")
    customer_name = serializers.CharField(source="customer.name")
    plate = serializers.CharField(source="vehicle.plate", default=None)
    order_number = serializers.CharField(source="order.number", default=None)
    due_reason = serializers.CharField(source="due_sentence")
    claimed_by = serializers.CharField(source="claimed_by.work_number", default=None)
    agent = serializers.CharField(source="agent.work_number", default=None)

    class Meta:
        model = CallTask
        fields = (
            "id", "store", "rule", "source_key", "customer", "customer_name", "vehicle", "plate", "order",
            "order_number", "complaint", "priority", "opens_at", "due_at", "due_reason", "was_shifted", "state",
            "channel", "attempts", "next_try_at", "agent", "claimed_by", "claimed_at", "done_at", "closing_reason",
            "version",
        )  # fmt: skip


class ContactSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    customer_name = serializers.CharField(source="customer.name")
    agent = serializers.CharField(source="agent.work_number", default=None)

    class Meta:
        model = Contact
        fields = (
            "id", "store", "task", "customer", "customer_name", "vehicle", "order", "agent", "direction", "channel",
            "started_at", "at", "outcome", "was_on_time", "note", "category", "facts", "record_points", "response",
            "complaint",
        )  # fmt: skip


class OutcomeSerializer(serializers.Serializer):
    """What came of a call.

    `answers`: question code → value; `next_at` with `call_later`; `no_call_reason` with `refused` sets do-not-call.
    """

    outcome = serializers.ChoiceField(choices=Outcome)
    note = serializers.CharField(required=False, allow_blank=True, default="")
    answers = serializers.DictField(required=False, default=dict)
    was_on_time = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_satisfied = serializers.BooleanField(required=False, allow_null=True, default=None)
    next_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    no_call_reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    complaint = serializers.IntegerField(required=False, allow_null=True, default=None)


class CallTaskFilter(django_filters.FilterSet):
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    due_after = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte")
    rule = django_filters.CharFilter(field_name="rule__code")
    state = django_filters.ChoiceFilter(choices=TaskState.choices)

    class Meta:
        model = CallTask
        fields = ("order", "customer", "complaint")


class ContactFilter(django_filters.FilterSet):
    since = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")
    outcome = django_filters.ChoiceFilter(choices=Outcome.choices)

    class Meta:
        model = Contact
        fields = ("order", "customer", "task")


class CallTaskViewSet(Idempotent, ReadViewSet):
    queryset = CallTask.objects.select_related("store", "rule", "customer", "vehicle", "order", "agent", "claimed_by")
    serializer_class = CallTaskSerializer
    filterset_class = CallTaskFilter
    permissions = {
        "list": Permission.CALL_VIEW,
        "retrieve": Permission.CALL_VIEW,
        "claim_next": Permission.CALL_TAKE,
        "claim": Permission.CALL_TAKE,
        "outcome": Permission.CALL_TAKE,
    }

    @extend_schema(
        operation_id="callbacks_claim_next",
        request=None,
        responses={200: CallTaskSerializer, 204: OpenApiResponse(description="Nothing to call now")},
    )
    @action(detail=False, methods=["post"], url_path="claim", url_name="claim-next")
    def claim_next(self, request):
        """Hand me the next call; the one I am on when I have not finished it."""
        task = actions.claim_next(by=request.user, at=timezone.now())
        return self._shown(task) if task else Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses=CallTaskSerializer)
    @action(detail=True, methods=["post"])
    def claim(self, request, pk=None):
        """Take this one call out of turn."""
        return self._shown(actions.claim_task(task=self.get_object(), by=request.user, at=timezone.now()))

    @extend_schema(request=OutcomeSerializer, responses={201: ContactSerializer})
    @action(detail=True, methods=["post"])
    def outcome(self, request, pk=None):
        """Write down what came of a call; what follows (retry, text, done) follows by itself."""
        said = OutcomeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        values = dict(said.validated_data)
        complaint = values.pop("complaint")
        contact = actions.record_outcome(
            task=self.get_object(),
            by=request.user,
            at=timezone.now(),
            complaint=get_object_or_404(Complaint.objects.visible_to(request.user), pk=complaint)
            if complaint
            else None,
            expected_version=self.expected_version(),
            **values,
        )
        return Response(ContactSerializer(contact).data, status=status.HTTP_201_CREATED)

    def _shown(self, task: CallTask) -> Response:
        return Response(CallTaskSerializer(self.get_queryset().get(pk=task.pk)).data)


class ContactViewSet(ReadViewSet):
    queryset = Contact.objects.select_related("store", "customer", "agent")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    permissions = {"list": Permission.CALL_VIEW, "retrieve": Permission.CALL_VIEW}
