"""Customers, vehicles, repair orders, settlements and receipts over HTTP. Source: spec `interfaces.md` (HTTP API).

Phones are masked everywhere; the whole number is one POST with a reason away, for those who may. What the workshop does
with an order (dispatch, start, finish, inspect) stands in `workshop/api.py` under the same address.
"""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Team
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values import Refusal
from dealer_crm.values.phone import national_phone
from reception import actions, queries
from reception.actions import LineDraft
from reception.choices import PAYING, DelayCause, LineKind, OrderKind, Payer, PaymentMethod, WaitReason
from reception.forms import CustomerFilter, OrderFilter, VehicleFilter
from reception.models import (
    AccidentAssessment,
    Customer,
    CustomerPhone,
    OrderLine,
    Promise,
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
    Vehicle,
)


# ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class VisibleField(serializers.PrimaryKeyRelatedField):
    """A row named by id, if the caller may know of it."""

    def get_queryset(self):
        return super().get_queryset().visible_to(self.context["request"].user)


class StaffField(serializers.SlugRelatedField):
    """A person named by work number."""

    def __init__(self, **options):
        if not options.get("read_only"):
            options["queryset"] = Staff.objects.all()
        super().__init__(slug_field="work_number", **options)

    def get_queryset(self):
        return super().get_queryset().visible_to(self.context["request"].user)


def _money(**options) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, **options)


# ── Customers ────────────────────────────────────────────────────────────────────────────────────────────────────────
class PhoneSerializer(serializers.ModelSerializer):
    number = serializers.SerializerMethodField(help_text="masked")

    class Meta:
        model = CustomerPhone
        fields = ["id", "number", "is_primary"]

    def get_number(self, phone) -> str:
        return str(phone)


_CUSTOMER_FIELDS = [
    "name", "kind", "gender", "birthday", "area", "address", "contact_hour", "contact_channel", "source", "level",
    "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
]  # fmt: skip


class CustomerSerializer(serializers.ModelSerializer):
    phones = PhoneSerializer(many=True, read_only=True)

    class Meta:
        model = Customer
        fields = ["id", "code", "store", *_CUSTOMER_FIELDS, "phones", "version"]
        read_only_fields = ["id", "code", "store", "version"]


class NewCustomerSerializer(serializers.ModelSerializer):
    """`phones` as people write them; the first is the primary one."""

    phones = serializers.ListField(child=serializers.CharField(max_length=30), required=False, default=list)

    class Meta:
        model = Customer
        fields = [*_CUSTOMER_FIELDS, "phones"]


class NewPhoneSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=30)
    is_primary = serializers.BooleanField(default=False)


class RevealedSerializer(serializers.Serializer):
    number = serializers.CharField()
    national = serializers.CharField()


class _Writing:
    """What writing resources share."""

    def _read(self, serializer_class, **options) -> dict:
        said = serializer_class(data=self.request.data, context=self.get_serializer_context(), **options)
        said.is_valid(raise_exception=True)
        return dict(said.validated_data)

    def _who(self) -> dict:
        return {"by": self.request.user, "at": timezone.now()}

    def _store(self):
        if self.request.user.store is None:
            raise Refusal(_("This is entered by people who belong to a store."), code="no_store")
        return self.request.user.store

    def _shown(self, pk, code=status.HTTP_200_OK) -> Response:
        thing = self.get_queryset().get(pk=pk)
        return Response(self.serializer_class(thing, context=self.get_serializer_context()).data, status=code)


class CustomerViewSet(Idempotent, _Writing, ReadViewSet):
    queryset = Customer.objects.select_related("store").prefetch_related("phones")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    permissions = {
        "list": Permission.CUSTOMER_VIEW,
        "retrieve": Permission.CUSTOMER_VIEW,
        "create": Permission.CUSTOMER_CHANGE,
        "partial_update": Permission.CUSTOMER_CHANGE,
        "phones": Permission.CUSTOMER_CHANGE,
        "reveal_phone": Permission.PHONE_REVEAL,
    }

    @extend_schema(request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def create(self, request):
        customer = actions.create_customer(store=self._store(), **self._who(), **self._read(NewCustomerSerializer))
        return self._shown(customer.pk, status.HTTP_201_CREATED)

    def partial_update(self, request, pk=None):
        """Change fields; `If-Match` with the version seen."""
        customer = self.get_object()
        given = self._read(CustomerSerializer, partial=True)
        actions.change_customer(customer=customer, expected_version=self.expected_version(), **self._who(), **given)
        return self._shown(customer.pk)

    @extend_schema(request=NewPhoneSerializer, responses={201: CustomerSerializer})
    @action(detail=True, methods=["post"])
    def phones(self, request, pk=None):
        customer = self.get_object()
        actions.add_phone(customer=customer, **self._who(), **self._read(NewPhoneSerializer))
        return self._shown(customer.pk, status.HTTP_201_CREATED)

    @extend_schema(
        request=ReasonSerializer, responses=RevealedSerializer, parameters=[OpenApiParameter("phone", int, "path")]
    )
    @action(detail=True, methods=["post"], url_path=r"phones/(?P<phone>\d+)/reveal")
    def reveal_phone(self, request, pk=None, phone=None):
        """The whole number, for a reason that is written down."""
        found = get_object_or_404(self.get_object().phones.select_related("customer__store"), pk=phone)
        number = actions.reveal_phone(phone=found, **self._who(), **self._read(ReasonSerializer))
        return Response({"number": number, "national": national_phone(number)})


# ── Vehicles ─────────────────────────────────────────────────────────────────────────────────────────────────────────
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


class VehicleViewSet(Idempotent, _Writing, ReadViewSet):
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


# ── Orders ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class ShareSerializer(serializers.Serializer):
    technician = StaffField()
    share = serializers.DecimalField(max_digits=5, decimal_places=4)


class LineSerializer(serializers.ModelSerializer):
    seller = StaffField(read_only=True)
    shares = ShareSerializer(many=True, read_only=True)

    class Meta:
        model = OrderLine
        fields = [
            "number", "kind", "code", "name", "quantity", "unit_price", "discount_rate", "payable_amount", "payer",
            "team", "seller", "is_installed", "installation_team", "shares",
        ]  # fmt: skip


class NewLineSerializer(serializers.Serializer):
    """A line as wanted. `number`: of a line that is there; without it a new one. `discount_rate` 0.2 is 20 % off."""

    number = serializers.IntegerField(required=False, allow_null=True)
    kind = serializers.ChoiceField(LineKind.choices)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2)
    unit_price = _money()
    discount_rate = serializers.DecimalField(max_digits=6, decimal_places=4, required=False)
    payer = serializers.ChoiceField(Payer.choices, required=False)
    team = VisibleField(queryset=Team.objects.all(), required=False, allow_null=True)
    seller = StaffField(required=False, allow_null=True)
    is_installed = serializers.BooleanField(required=False)
    installation_team = VisibleField(queryset=Team.objects.all(), required=False, allow_null=True)
    shares = ShareSerializer(many=True, required=False)


def _draft(given: dict, line: OrderLine | None = None) -> LineDraft:
    """The line asked for: what is given over what stands."""
    given = dict(given)
    if "shares" in given:
        given["shares"] = tuple((one["technician"], one["share"]) for one in given["shares"])
    if line is not None:
        known = LineDraft.of(line)
        return LineDraft(**{**known.__dict__, **given, "number": line.number})
    return LineDraft(**given)


class PromiseSerializer(serializers.ModelSerializer):
    made_by = StaffField(read_only=True)

    class Meta:
        model = Promise
        fields = ["promised_at", "made_at", "made_by", "confirmed_by", "reason"]


class NewPromiseSerializer(serializers.Serializer):
    promised_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=200)


class AssessmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = AccidentAssessment
        fields = ["assessed_amount", "own_share_amount", "assessed_on", "released_on"]


class OrderSerializer(serializers.ModelSerializer):
    """A repair order in a list."""

    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    advisor = StaffField(read_only=True)

    class Meta:
        model = RepairOrder
        fields = [
            "id", "number", "store", "vehicle", "plate", "customer", "customer_name", "kind", "advisor", "state",
            "wait_reason", "original", "arrived_at", "greeted_at", "promised_at", "completed_at", "settled_at",
            "delivered_at", "cancelled_at", "cancel_reason", "mileage", "fuel_percent", "symptoms", "keeps_old_parts",
            "wants_wash", "delay_cause", "delay_note", "next_service_on", "next_service_km", "version",
        ]  # fmt: skip


class WholeOrderSerializer(OrderSerializer):
    """A repair order with its lines, promises, amounts by payer and assessment."""

    lines = LineSerializer(many=True, read_only=True)
    promises = PromiseSerializer(many=True, read_only=True)
    assessment = serializers.SerializerMethodField()
    amounts = serializers.SerializerMethodField()

    class Meta(OrderSerializer.Meta):
        fields = [*OrderSerializer.Meta.fields, "lines", "promises", "assessment", "amounts"]

    @extend_schema_field(AssessmentSerializer(allow_null=True))
    def get_assessment(self, order):
        known = getattr(order, "assessment", None)
        return AssessmentSerializer(known).data if known else None

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "format": "decimal"}})
    def get_amounts(self, order):
        sums: dict[str, Decimal] = {}
        for line in order.lines.all():
            sums[line.payer] = sums.get(line.payer, Decimal(0)) + line.payable_amount
        return {payer: str(amount) for payer, amount in sums.items()}


class NewOrderSerializer(serializers.Serializer):
    """A car taken in, or with `is_draft` prepared for a later check-in. `confirmed`: a second open order is wanted."""

    vehicle = VisibleField(queryset=Vehicle.objects.all())
    customer = VisibleField(queryset=Customer.objects.all(), required=False, allow_null=True)
    kind = serializers.ChoiceField(OrderKind.choices)
    advisor = StaffField(required=False)
    promised_at = serializers.DateTimeField(required=False, allow_null=True)
    arrived_at = serializers.DateTimeField(required=False, allow_null=True)
    greeted_at = serializers.DateTimeField(required=False, allow_null=True)
    mileage = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    mileage_reason = serializers.CharField(required=False, allow_blank=True, max_length=120)
    fuel_percent = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    symptoms = serializers.CharField(required=False, allow_blank=True)
    keeps_old_parts = serializers.BooleanField(required=False)
    wants_wash = serializers.BooleanField(required=False)
    original = VisibleField(queryset=RepairOrder.objects.all(), required=False, allow_null=True)
    lines = NewLineSerializer(many=True, required=False)
    confirmed = serializers.BooleanField(required=False)
    is_draft = serializers.BooleanField(required=False)


class OrderChangeSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(OrderKind.choices, required=False)
    original = VisibleField(queryset=RepairOrder.objects.all(), required=False, allow_null=True)
    customer = VisibleField(queryset=Customer.objects.all(), required=False)
    greeted_at = serializers.DateTimeField(required=False, allow_null=True)
    mileage = serializers.IntegerField(required=False, min_value=0)
    mileage_reason = serializers.CharField(required=False, allow_blank=True, max_length=120)
    fuel_percent = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=100)
    symptoms = serializers.CharField(required=False, allow_blank=True)
    keeps_old_parts = serializers.BooleanField(required=False)
    wants_wash = serializers.BooleanField(required=False)


class CheckInSerializer(serializers.Serializer):
    promised_at = serializers.DateTimeField(required=False, allow_null=True)
    mileage = serializers.IntegerField(required=False, allow_null=True, min_value=0)
    mileage_reason = serializers.CharField(required=False, allow_blank=True, max_length=120)


class DeliverSerializer(serializers.Serializer):
    delay_cause = serializers.ChoiceField(DelayCause.choices, required=False, allow_blank=True)
    delay_note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    delay_confirmed = serializers.BooleanField(required=False)
    next_service_on = serializers.DateField(required=False, allow_null=True)
    next_service_km = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class WaitSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(WaitReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class ReassignSerializer(serializers.Serializer):
    advisor = StaffField()


class AmountSerializer(serializers.ModelSerializer):
    class Meta:
        model = SettlementAmount
        fields = ["payer", "amount", "accessory_amount"]


class SettlementSerializer(serializers.ModelSerializer):
    order_number = serializers.CharField(source="order.number", read_only=True)
    amounts = AmountSerializer(many=True, read_only=True)
    settled_by = StaffField(read_only=True)
    reversed_by = StaffField(read_only=True)
    reversal_requested_by = StaffField(read_only=True)
    reversal_approved_by = StaffField(read_only=True)

    class Meta:
        model = Settlement
        fields = [
            "id", "number", "order", "order_number", "settled_at", "settled_by", "lines", "amounts",
            "reversal_requested_at", "reversal_requested_by", "reversal_reason", "reversed_at", "reversed_by",
            "reversal_approved_by",
        ]  # fmt: skip


class OrderViewSet(Idempotent, _Writing, ReadViewSet):
    queryset = RepairOrder.objects.select_related("vehicle", "customer", "advisor")
    serializer_class = WholeOrderSerializer
    filterset_class = OrderFilter
    permissions = {
        "list": Permission.ORDER_VIEW,
        "retrieve": Permission.ORDER_VIEW,
        "create": Permission.ORDER_CREATE,
        "partial_update": Permission.ORDER_CHANGE,
        "lines": Permission.ORDER_VIEW,
        "write_lines": Permission.ORDER_CHANGE,
        "add_line": Permission.ORDER_CHANGE,
        "change_line": Permission.ORDER_CHANGE,
        "remove_line": Permission.ORDER_CHANGE,
        "promises": Permission.ORDER_VIEW,
        "add_promise": Permission.ORDER_CHANGE,
        "check_in": Permission.ORDER_CREATE,
        "wait": Permission.ORDER_CHANGE,
        "resume": Permission.ORDER_CHANGE,
        "reassign": Permission.ORDER_CHANGE_ANY,
        "assessment": Permission.ASSESSMENT_CHANGE,
        "settle": Permission.SETTLEMENT_CREATE,
        "deliver": Permission.ORDER_DELIVER,
        "cancel": Permission.ORDER_CANCEL,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        if self.action == "list" or getattr(self, "swagger_fake_view", False):
            return rows
        return queries.whole_orders(self.request.user)

    def get_serializer_class(self):
        return OrderSerializer if self.action == "list" else WholeOrderSerializer

    def _own(self) -> RepairOrder:
        """The order, if the caller may write it: an advisor's own, or any for those who may write any."""
        order = self.get_object()
        if not queries.may_change(order, self.request.user):
            raise PermissionDenied
        return order

    def _done(self, deed, serializer_class=None, **fixed) -> Response:
        """One act on the order: read what was said, do it, show the order as it is now."""
        order = self._own()
        said = self._read(serializer_class) if serializer_class else {}
        deed(order=order, expected_version=self.expected_version(), **self._who(), **said, **fixed)
        return self._shown(order.pk)

    @extend_schema(request=NewOrderSerializer, responses={201: WholeOrderSerializer})
    def create(self, request):
        """Take a car in. Without `advisor` the caller is the advisor."""
        given = {"advisor": request.user, **self._read(NewOrderSerializer)}
        given["lines"] = [_draft(line) for line in given.get("lines", [])]
        order = actions.open_order(store=self._store(), **self._who(), **given)
        return self._shown(order.pk, status.HTTP_201_CREATED)

    @extend_schema(request=OrderChangeSerializer)
    def partial_update(self, request, pk=None):
        """Change the visit; `If-Match` with the version seen."""
        return self._done(actions.edit_order, OrderChangeSerializer)

    # Lines
    @extend_schema(responses=LineSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def lines(self, request, pk=None):
        return Response(LineSerializer(self.get_object().lines.all(), many=True).data)

    @extend_schema(request=NewLineSerializer(many=True), responses=WholeOrderSerializer)
    @lines.mapping.put
    def write_lines(self, request, pk=None):
        """Make the lines exactly these."""
        order = self._own()
        said = NewLineSerializer(data=request.data, many=True, context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        drafts = [_draft(line) for line in said.validated_data]
        actions.save_lines(order=order, lines=drafts, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk)

    @extend_schema(request=NewLineSerializer, responses={201: WholeOrderSerializer})
    @lines.mapping.post
    def add_line(self, request, pk=None):
        order = self._own()
        line = _draft(self._read(NewLineSerializer))
        actions.add_line(order=order, line=line, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk, status.HTTP_201_CREATED)

    @extend_schema(
        request=NewLineSerializer(partial=True), responses=WholeOrderSerializer,
        parameters=[OpenApiParameter("number", int, "path")],
    )  # fmt: skip
    @action(detail=True, methods=["patch"], url_path=r"lines/(?P<number>\d+)")
    def change_line(self, request, pk=None, number=None):
        order = self._own()
        line = get_object_or_404(order.lines.select_related("order"), number=number)
        draft = _draft(self._read(NewLineSerializer, partial=True), line)
        actions.change_line(line=line, draft=draft, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk)

    @extend_schema(request=None, responses=WholeOrderSerializer, parameters=[OpenApiParameter("number", int, "path")])
    @change_line.mapping.delete
    def remove_line(self, request, pk=None, number=None):
        order = self._own()
        line = get_object_or_404(order.lines.select_related("order"), number=number)
        actions.remove_line(line=line, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk)

    # Promises
    @extend_schema(responses=PromiseSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def promises(self, request, pk=None):
        return Response(PromiseSerializer(self.get_object().promises.all(), many=True).data)

    @extend_schema(request=NewPromiseSerializer, responses={201: WholeOrderSerializer})
    @promises.mapping.post
    def add_promise(self, request, pk=None):
        """Give the customer a new delivery time; the former ones stay."""
        answer = self._done(actions.move_promise, NewPromiseSerializer)
        answer.status_code = status.HTTP_201_CREATED
        return answer

    # Acts
    @extend_schema(request=CheckInSerializer)
    @action(detail=True, methods=["post"], url_path="check-in")
    def check_in(self, request, pk=None):
        return self._done(actions.check_in, CheckInSerializer)

    @extend_schema(request=WaitSerializer)
    @action(detail=True, methods=["post"])
    def wait(self, request, pk=None):
        return self._done(actions.mark_waiting, WaitSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        return self._done(actions.resume)

    @extend_schema(request=ReassignSerializer)
    @action(detail=True, methods=["post"])
    def reassign(self, request, pk=None):
        return self._done(actions.reassign_order, ReassignSerializer)

    @extend_schema(request=AssessmentSerializer)
    @action(detail=True, methods=["put"])
    def assessment(self, request, pk=None):
        """What the insurer assessed, the owner's own share, the day of release."""
        return self._done(actions.set_assessment, AssessmentSerializer)

    @extend_schema(request=None, responses={201: SettlementSerializer})
    @action(detail=True, methods=["post"])
    def settle(self, request, pk=None):
        """Freeze lines and amounts. Exactly one live settlement, however often asked."""
        settlement = actions.settle(order=self.get_object(), expected_version=self.expected_version(), **self._who())
        return Response(SettlementSerializer(settlement).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=DeliverSerializer)
    @action(detail=True, methods=["post"])
    def deliver(self, request, pk=None):
        return self._done(actions.deliver, DeliverSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk=None):
        return self._done(actions.cancel_order, ReasonSerializer)


# ── Money ────────────────────────────────────────────────────────────────────────────────────────────────────────────
class DeclineSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class SettlementViewSet(Idempotent, _Writing, ReadViewSet):
    queryset = Settlement.objects.select_related(
        "order", "settled_by", "reversed_by", "reversal_requested_by", "reversal_approved_by"
    ).prefetch_related("amounts")
    serializer_class = SettlementSerializer
    filterset_fields = {"order": ["exact"], "settled_at": ["gte", "lt"], "reversed_at": ["isnull"]}
    permissions = {
        "list": Permission.SETTLEMENT_VIEW,
        "retrieve": Permission.SETTLEMENT_VIEW,
        "request_reversal": Permission.SETTLEMENT_REVERSE,
        "reverse": Permission.SETTLEMENT_APPROVE,
        "decline_reversal": Permission.SETTLEMENT_APPROVE,
    }

    def _done(self, deed, serializer_class=None) -> Response:
        settlement = self.get_object()
        said = self._read(serializer_class) if serializer_class else {}
        deed(settlement=settlement, **self._who(), **said)
        return self._shown(settlement.pk)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"], url_path="request-reversal")
    def request_reversal(self, request, pk=None):
        """Ask for a reversal (红冲); another person approves it with `reverse`."""
        return self._done(actions.request_reversal, ReasonSerializer)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reverse(self, request, pk=None):
        """Approve the reversal somebody else asked for."""
        return self._done(actions.reverse_settlement)

    @extend_schema(request=DeclineSerializer)
    @action(detail=True, methods=["post"], url_path="decline-reversal")
    def decline_reversal(self, request, pk=None):
        return self._done(actions.decline_reversal, DeclineSerializer)


class ReceiptSerializer(serializers.ModelSerializer):
    order_number = serializers.CharField(source="order.number", read_only=True)
    entered_by = StaffField(read_only=True)

    class Meta:
        model = Receipt
        fields = [
            "id", "number", "order", "order_number", "payer", "received_on", "amount", "accessory_amount", "method",
            "refunds", "note", "entered_by", "entered_at",
        ]  # fmt: skip


class NewReceiptSerializer(serializers.Serializer):
    order = VisibleField(queryset=RepairOrder.objects.all())
    payer = serializers.ChoiceField([(payer.value, payer.label) for payer in PAYING])
    amount = _money()
    method = serializers.ChoiceField(PaymentMethod.choices)
    received_on = serializers.DateField(required=False, allow_null=True)
    accessory_amount = _money(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class RefundSerializer(serializers.Serializer):
    amount = _money()
    reason = serializers.CharField(max_length=200)
    method = serializers.ChoiceField(PaymentMethod.choices, required=False)
    refunded_on = serializers.DateField(required=False, allow_null=True)


class ReceiptViewSet(Idempotent, _Writing, ReadViewSet):
    queryset = Receipt.objects.select_related("order", "entered_by")
    serializer_class = ReceiptSerializer
    filterset_fields = {"order": ["exact"], "payer": ["exact"], "received_on": ["gte", "lte"], "method": ["exact"]}
    permissions = {
        "list": Permission.RECEIPT_VIEW,
        "retrieve": Permission.RECEIPT_VIEW,
        "create": Permission.RECEIPT_CREATE,
        "refund": Permission.RECEIPT_CREATE,
    }

    @extend_schema(request=NewReceiptSerializer, responses={201: ReceiptSerializer})
    def create(self, request):
        receipt = actions.enter_receipt(**self._who(), **self._read(NewReceiptSerializer))
        return self._shown(receipt.pk, status.HTTP_201_CREATED)

    @extend_schema(request=RefundSerializer, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"])
    def refund(self, request, pk=None):
        """Pay back the receipt or a part of it."""
        refund = actions.refund_receipt(receipt=self.get_object(), **self._who(), **self._read(RefundSerializer))
        return self._shown(refund.pk, status.HTTP_201_CREATED)


routes = [
    ("customers", CustomerViewSet, "customer"),
    ("vehicles", VehicleViewSet, "vehicle"),
    ("repair-orders", OrderViewSet, "repair-order"),
    ("settlements", SettlementViewSet, "settlement"),
    ("receipts", ReceiptViewSet, "receipt"),
]
