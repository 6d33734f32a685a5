"""Callbacks and contacts over HTTP. Source: spec `interfaces.md` (HTTP API)."""

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.response import Response

from callback import actions
from callback.choices import NO_MORE, ContactCategory, ContactFact, Outcome, TaskState
from callback.models import CallTask, Contact
from complaints.models import Complaint
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception.choices import Channel
from reception.models import Customer, Vehicle


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


class FactsField(serializers.DictField):
    """`ContactFact` → what was said."""

    child = serializers.CharField(max_length=300, allow_blank=True)

    def to_internal_value(self, data):
        said = super().to_internal_value(data)
        if strange := sorted(set(said) - set(ContactFact.values)):
            raise serializers.ValidationError(_("Nobody knows the fact %(name)s.") % {"name": strange[0]})
        return said


class OutcomeSerializer(serializers.Serializer):
    """What came of a call, from who has claimed it.

    `answers`: question code → value; `next_at` with `call_later`; with `refused`, `no_more` says what the customer
    wants no more calls for and `no_call_reason` why (a reason alone: all calls); `category` and `facts` are the contact
    record; `together`: other owed calls of the customer that were talked through in this one.
    """

    outcome = serializers.ChoiceField(choices=Outcome)
    note = serializers.CharField(required=False, allow_blank=True, default="")
    answers = serializers.DictField(required=False, default=dict)
    was_on_time = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_satisfied = serializers.BooleanField(required=False, allow_null=True, default=None)
    next_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    no_more = serializers.ChoiceField(choices=NO_MORE, required=False, allow_blank=True, default="")
    no_call_reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    complaint = serializers.IntegerField(required=False, allow_null=True, default=None)
    category = serializers.ChoiceField(choices=ContactCategory.choices, required=False, allow_blank=True, default="")
    facts = FactsField(required=False, default=dict)
    together = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, default=list
    )


class NewContactSerializer(serializers.Serializer):
    """A contact that came in: who called about what. `facts`: what the category asks for; what is missing costs points
    of the record. `vehicle` is one of the customer's."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none())
    vehicle = serializers.PrimaryKeyRelatedField(
        queryset=Vehicle.objects.none(), required=False, allow_null=True, default=None
    )
    category = serializers.ChoiceField(choices=ContactCategory.choices)
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, default=Channel.PHONE)
    facts = FactsField(required=False, default=dict)
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2000)
    started_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["customer"].queryset = Customer.objects.visible_to(request.user).standing()
            self.fields["vehicle"].queryset = Vehicle.objects.visible_to(request.user).standing()


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


class ContactViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Contact.objects.select_related("store", "customer", "agent")
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    permissions = {"list": Permission.CALL_VIEW, "retrieve": Permission.CALL_VIEW, "create": Permission.CALL_TAKE}

    @extend_schema(request=NewContactSerializer, responses={201: ContactSerializer})
    def create(self, request):
        """Write down that a customer called us (or wrote, or came)."""
        said = NewContactSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        made = actions.record_incoming(
            store=store_of(request.user), **said.validated_data, by=request.user, at=timezone.now()
        )
        return Response(ContactSerializer(made).data, status=status.HTTP_201_CREATED)
