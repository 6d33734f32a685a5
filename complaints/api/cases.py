"""Complaints over HTTP: read, record, and one POST for each step of the loop. Source: spec `interfaces.md`."""

import django_filters
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response
from rest_framework.reverse import reverse

from complaints import actions, queries
from complaints.actions import Sheet
from complaints.choices import Category, ComplaintSource, ComplaintState, PauseReason, Severity
from complaints.models import Arrangement, Complaint, ComplaintStep, Evidence, Responsibility, Topic
from dealer_crm.access.permissions import Permission
from dealer_crm.files.answers import file_response
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.serializers import StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values.phone import masked_phone
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


class ArrangementSerializer(serializers.ModelSerializer):
    """A time promised to the customer; open while `ended_at` is empty."""

    made_by = serializers.CharField(source="made_by.work_number", default=None)

    class Meta:
        model = Arrangement
        fields = ("promised_at", "text", "made_by", "made_at", "reminded_at", "ended_at", "result", "was_replaced",
                  "confirmed_at")  # fmt: skip


class EvidenceSerializer(serializers.ModelSerializer):
    """A file about the matter; `content` is where it is fetched."""

    kind = serializers.CharField(source="file.kind", read_only=True)
    name = serializers.CharField(source="file.name", read_only=True)
    content = serializers.SerializerMethodField()

    class Meta:
        model = Evidence
        fields = ("id", "kind", "name", "note", "added_at", "content")

    def get_content(self, evidence) -> str:
        return reverse("complaint-evidence-content", args=[evidence.complaint_id, evidence.pk])


class ComplaintSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    order_number = serializers.CharField(source="order.number", default=None)
    customer_name = serializers.CharField(source="customer.name", default=None)
    plate = serializers.CharField(source="vehicle.plate", default=None)
    owner = serializers.CharField(source="owner.work_number", default=None)
    topic_name = serializers.CharField(source="topic", default=None)
    caller_phone = serializers.SerializerMethodField(help_text="Masked.")
    concerned = serializers.SlugRelatedField(slug_field="work_number", many=True, read_only=True)
    arrangements = ArrangementSerializer(many=True, read_only=True)
    evidence = EvidenceSerializer(many=True, read_only=True)
    steps = StepSerializer(many=True, read_only=True)
    responsibilities = ResponsibilitySerializer(many=True, read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "id", "number", "store", "order", "order_number", "customer", "customer_name", "vehicle", "plate", "source",
            "severity", "category", "topic", "topic_name", "state", "round", "received_at", "happened_at", "place",
            "caller_name", "caller_phone", "concerned", "description", "wish", "owner", "deadline_at",
            "goodwill_amount", "reply_due_at", "solve_due_at", "paused_at", "pause_kind", "pause_reason",
            "first_reply_at", "solved_at", "closed_at", "is_satisfied", "second_asked_at", "is_still_satisfied",
            "is_verified", "verified_at", "responsibilities", "arrangements", "evidence", "steps", "version",
        )  # fmt: skip

    def get_caller_phone(self, complaint) -> str:
        return masked_phone(complaint.caller_phone) if complaint.caller_phone else ""


class SheetSerializer(serializers.Serializer):
    """The complaint sheet. `topic`: a row of the tree below `category`; `concerned`: work numbers of our people."""

    order = serializers.PrimaryKeyRelatedField(queryset=RepairOrder.objects.none(), allow_null=True, default=None)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.none(), allow_null=True, default=None)
    vehicle = serializers.PrimaryKeyRelatedField(queryset=Vehicle.objects.none(), allow_null=True, default=None)
    severity = serializers.ChoiceField(choices=Severity.choices, default=Severity.GENERAL)
    category = serializers.ChoiceField(choices=Category.choices)
    topic = serializers.PrimaryKeyRelatedField(
        queryset=Topic.objects.filter(is_used=True), allow_null=True, default=None
    )
    happened_at = serializers.DateTimeField(allow_null=True, default=None)
    place = serializers.CharField(allow_blank=True, default="", max_length=120)
    caller_name = serializers.CharField(allow_blank=True, default="", max_length=80)
    caller_phone = serializers.CharField(allow_blank=True, default="", max_length=30)
    concerned = StaffField(many=True, default=list)
    description = serializers.CharField(max_length=4000)
    wish = serializers.CharField(allow_blank=True, default="", max_length=2000)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            for name, model in (("order", RepairOrder), ("customer", Customer), ("vehicle", Vehicle)):
                self.fields[name].queryset = model.objects.visible_to(request.user)
            people = Staff.objects.filter(store=request.user.store_id)
            self.fields["concerned"].child_relation.queryset = people

    def validate(self, given):
        """What the actions take: the facts of the sheet in one."""
        names = ("happened_at", "place", "caller_name", "caller_phone", "concerned")
        sheet = Sheet(**{name: given.pop(name) for name in names})
        return {**given, "sheet": sheet}


class NewComplaintSerializer(SheetSerializer):
    """With an order, customer and vehicle are the order's. `received_at` is now when it is left out."""

    source = serializers.ChoiceField(choices=ComplaintSource.choices)
    received_at = serializers.DateTimeField(allow_null=True, default=None)


class AmendSerializer(SheetSerializer):
    """The sheet as it is to stand, whole; another severity needs its reason."""

    severity = serializers.ChoiceField(choices=Severity.choices)
    reason = serializers.CharField(allow_blank=True, default="", max_length=200)


class StopSerializer(serializers.Serializer):
    """A reason of the list; `other` needs words."""

    kind = serializers.ChoiceField(choices=PauseReason, default=PauseReason.OTHER)
    reason = serializers.CharField(allow_blank=True, default="", max_length=120)


class ArrangeSerializer(serializers.Serializer):
    promised_at = serializers.DateTimeField()
    text = serializers.CharField(max_length=300)


class ResultSerializer(serializers.Serializer):
    result = serializers.CharField(max_length=300)


class UploadSerializer(serializers.Serializer):
    uploads = serializers.ListField(child=serializers.FileField(), allow_empty=False)
    note = serializers.CharField(allow_blank=True, default="", max_length=120)


class WordsSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000)


class DecisionSerializer(WordsSerializer):
    """`owner` is a work number."""

    owner = StaffField(queryset=Staff.objects.filter(is_active=True))
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
    text = django_filters.CharFilter(method="found", label="number, plate, name, end of the phone, words of the matter")

    class Meta:
        model = Complaint
        fields = ("order", "customer", "vehicle", "is_verified")

    def found(self, rows, name, value):
        return rows.filter(pk__in=queries.complaints_found(self.request.user, value).values("pk"))


class ComplaintViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Complaint.objects.with_people().prefetch_related(
        "steps__by", "responsibilities__staff", "concerned", "arrangements__made_by", "evidence__file"
    )
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
        "amend": Permission.COMPLAINT_CREATE,
        "arrange": Permission.COMPLAINT_REMEDY,
        "kept": Permission.COMPLAINT_REMEDY,
        "add_evidence": Permission.COMPLAINT_VIEW_OWN,
        "evidence_content": Permission.COMPLAINT_VIEW_OWN,
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

    @extend_schema(request=StopSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        """Stop the clocks while the customer is awaited."""
        return self._taken(actions.pause_clock, StopSerializer)

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

    @extend_schema(request=AmendSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def amend(self, request, pk=None):
        """Put the sheet right while the case is open."""
        return self._taken(actions.amend_complaint, AmendSerializer)

    @extend_schema(request=ArrangeSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def arrange(self, request, pk=None):
        """Promise the customer a time; an open promise gives way to it."""
        return self._taken(actions.arrange, ArrangeSerializer)

    @extend_schema(request=ResultSerializer, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"])
    def kept(self, request, pk=None):
        """What came of the time agreed on."""
        return self._taken(actions.keep_arrangement, ResultSerializer)

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses=ComplaintSerializer)
    @action(detail=True, methods=["post"], url_path="evidence", parser_classes=[MultiPartParser])
    def add_evidence(self, request, pk=None):
        """Keep files about the matter: pictures, PDF, sound recordings, by their content."""
        return self._taken(actions.add_evidence, UploadSerializer)

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    @action(detail=True, methods=["get"], url_path=r"evidence/(?P<number>\d+)", url_name="evidence-content")
    def evidence_content(self, request, pk=None, number=None):
        """One of the files."""
        return file_response(get_object_or_404(self.get_object().evidence.select_related("file"), pk=number).file)

    def _taken(self, act, serializer_class) -> Response:
        complaint = self.get_object()
        said = serializer_class(data=self.request.data, context={"request": self.request})
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
        return Response(ComplaintSerializer(fresh, context={"request": self.request}).data, status=code)
