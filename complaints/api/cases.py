"""Complaints over HTTP: read, record, and one POST for each step of the loop. Source: spec `interfaces.md`."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from complaints import actions
from complaints.choices import Category, ComplaintSource, ComplaintState, Severity
from complaints.models import Complaint, ComplaintStep, Responsibility
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception.models import Customer, RepairOrder, Vehicle


class StepSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.work_number", default=None)

    class Meta:
        model = ComplaintStep
        fields = ("kind", "round", "by", "at", "text")


class ResponsibilitySerializer(serializers.ModelSerializer):
    staff = serializers.CharField(source="staff.work_number")

    class Meta:
        model = Responsibility
        fields = ("staff", "share")


class ComplaintSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    order_number = serializers.CharField(source="order.number", default=None)
    customer_name = serializers.CharField(source="customer.name", default=None)
    plate = serializers.CharField(source="vehicle.plate", default=None)
    owner = serializers.CharField(source="owner.work_number", default=None)
    steps = StepSerializer(many=True, read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "id", "number", "store", "order", "order_number", "customer", "customer_name", "vehicle", "plate", "source",
            "severity", "category", "state", "round", "received_at", "description", "wish", "owner", "deadline_at",
            "goodwill_amount", "reply_due_at", "solve_due_at", "paused_at", "pause_reason", "first_reply_at",
            "solved_at", "closed_at", "is_satisfied", "is_verified", "verified_at", "responsibilities", "steps",
            "version",
        )  # fmt: skip


class NewComplaintSerializer(serializers.Serializer):
    """With an order, customer and vehicle are the order's. `received_at` is now when it is left out."""

    order = serializers.PrimaryKeyRelatedField(queryset=RepairOrder.objects.none(), allow_null=True, default=None)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none(), allow_null=True, default=None)
    vehicle = serializers.PrimaryKeyRelatedField(queryset=Vehicle.objects.none(), allow_null=True, default=None)
    source = serializers.ChoiceField(choices=ComplaintSource)
    severity = serializers.ChoiceField(choices=Severity, default=Severity.GENERAL)
    category = serializers.ChoiceField(choices=Category)
    received_at = serializers.DateTimeField(allow_null=True, default=None)
    description = serializers.CharField()
    wish = serializers.CharField(allow_blank=True, default="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            for name, model in (("order", RepairOrder), ("customer", Customer), ("vehicle", Vehicle)):
                self.fields[name].queryset = model.objects.visible_to(request.user)


class WordsSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000)


class DecisionSerializer(WordsSerializer):
    """`owner` is a work number."""

    owner = serializers.SlugRelatedField(slug_field="work_number", queryset=Staff.objects.filter(is_active=True))
    deadline_at = serializers.DateTimeField()
    goodwill_amount = serializers.DecimalField(max_digits=14, decimal_places=2, default=0)


class CheckSerializer(serializers.Serializer):
    is_good = serializers.BooleanField()
    text = serializers.CharField(allow_blank=True, default="", max_length=4000)


class AskSerializer(serializers.Serializer):
    is_satisfied = serializers.BooleanField()
    text = serializers.CharField(allow_blank=True, default="", max_length=4000)


class VerdictSerializer(WordsSerializer):
    """`shares`: work number → share (0–1); together 1, or none where it is nobody's fault."""

    is_verified = serializers.BooleanField()
    shares = serializers.DictField(child=serializers.DecimalField(max_digits=6, decimal_places=4), default=dict)

    def validate_shares(self, shares):
        people = {one.work_number: one for one in Staff.objects.filter(work_number__in=shares)}
        unknown = sorted(set(shares) - set(people))
        if unknown:
            raise ValidationError(", ".join(unknown))
        return {people[number]: share for number, share in shares.items()}


class ComplaintFilter(django_filters.FilterSet):
    received_after = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_before = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")
    state = django_filters.ChoiceFilter(choices=ComplaintState.choices)
    severity = django_filters.ChoiceFilter(choices=Severity.choices)
    category = django_filters.ChoiceFilter(choices=Category.choices)
    source = django_filters.ChoiceFilter(choices=ComplaintSource.choices)

    class Meta:
        model = Complaint
        fields = ("order", "customer", "vehicle", "is_verified")


class ComplaintViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Complaint.objects.with_people().prefetch_related("steps__by", "responsibilities__staff")
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilter
    permissions = {
        "list": Permission.COMPLAINT_VIEW_OWN,
        "retrieve": Permission.COMPLAINT_VIEW_OWN,
        "create": Permission.COMPLAINT_CREATE,
        "reply": Permission.COMPLAINT_REMEDY,
        "advise": Permission.COMPLAINT_ADVISE,
        "decide": Permission.COMPLAINT_DECIDE,
        "remedy": Permission.COMPLAINT_REMEDY,
        "check": Permission.COMPLAINT_DECIDE,
        "ask": Permission.COMPLAINT_ASK,
        "close": Permission.COMPLAINT_DECIDE,
        "pause": Permission.COMPLAINT_REMEDY,
        "resume": Permission.COMPLAINT_REMEDY,
        "verify": Permission.COMPLAINT_DECIDE,
    }

    @extend_schema(request=NewComplaintSerializer, responses={201: ComplaintSerializer})
    def create(self, request):
        """Record a complaint in one's own store."""
        said = NewComplaintSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        facts, now = dict(said.validated_data), timezone.now()
        facts["received_at"] = facts["received_at"] or now
        complaint = actions.record_complaint(store=store_of(request.user), **facts, by=request.user, at=now)
        return self._shown(complaint, status.HTTP_201_CREATED)

    @extend_schema(request=WordsSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def reply(self, request, pk=None):
        """What was said to the customer; the first stops the reply clock."""
        return self._taken(actions.reply_to_customer, WordsSerializer)

    @extend_schema(request=WordsSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def advise(self, request, pk=None):
        """The supervisor's advice."""
        return self._taken(actions.advise, WordsSerializer)

    @extend_schema(request=DecisionSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request, pk=None):
        """The manager's decision: owner, deadline, goodwill."""
        return self._taken(actions.decide, DecisionSerializer)

    @extend_schema(request=WordsSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def remedy(self, request, pk=None):
        """What the owner did, and what came of it."""
        return self._taken(actions.remedy, WordsSerializer)

    @extend_schema(request=CheckSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def check(self, request, pk=None):
        """The manager's check of the remedy; never of one's own."""
        return self._taken(actions.check_remedy, CheckSerializer)

    @extend_schema(request=AskSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request, pk=None):
        """What the customer says of the result: satisfied closes, not satisfied opens the next round."""
        return self._taken(actions.ask_customer, AskSerializer)

    @extend_schema(request=WordsSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, pk=None):
        """End a case whose result the customer does not accept, with the reason."""
        return self._taken(actions.close_unsatisfied, WordsSerializer)

    @extend_schema(request=ReasonSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        """Stop the clocks while the customer is awaited."""
        return self._taken(actions.pause_clock, ReasonSerializer)

    @extend_schema(request=None, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        """Let the clocks go on."""
        return self._taken(actions.resume_clock, serializers.Serializer)

    @extend_schema(request=VerdictSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request, pk=None):
        """Whether the complaint is true, and who answers for it."""
        return self._taken(actions.verify_complaint, VerdictSerializer)

    def _taken(self, act, serializer_class) -> Response:
        complaint = self.get_object()
        said = serializer_class(data=self.request.data)
        said.is_valid(raise_exception=True)
        act(
            complaint=complaint,
            **said.validated_data,
            by=self.request.user,
            at=timezone.now(),
            expected_version=self.expected_version(),
        )
        return self._shown(complaint)

    def _shown(self, complaint: Complaint, code: int = status.HTTP_200_OK) -> Response:
        fresh = self.queryset.all().get(pk=complaint.pk)
        return Response(ComplaintSerializer(fresh).data, status=code)
