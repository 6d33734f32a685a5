"""Repair orders over HTTP. What the workshop does with an order (dispatch, start, finish, inspect) stands in
`workshop/api.py` under the same address.
"""

from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Team
from dealer_crm.rest.serializers import ReasonSerializer, StaffField
from dealer_crm.rest.viewsets import IF_MATCH, Idempotent, ReadViewSet
from reception import actions, queries
from reception.actions import LineDraft
from reception.api.addons import AddOnActions
from reception.api.fields import VisibleField, Writing, money_field
from reception.api.money import SettlementSerializer
from reception.api.parts import LineCostSerializer, LineCostsSerializer
from reception.api.visits import VisitActions
from reception.choices import DelayCause, LineKind, OrderKind, Payer, WaitReason
from reception.forms import OrderFilter
from reception.models import (
    AccidentAssessment,
    Customer,
    OrderLine,
    Promise,
    RepairOrder,
    Vehicle,
)


class ShareSerializer(serializers.Serializer):
    technician = StaffField()
    share = serializers.DecimalField(max_digits=5, decimal_places=4)


class LineSerializer(serializers.ModelSerializer):
    seller = StaffField(read_only=True)
    shares = ShareSerializer(many=True, read_only=True)
    add_on = serializers.IntegerField(source="add_on.number", read_only=True, default=None)

    class Meta:
        model = OrderLine
        fields = [
            "number", "kind", "code", "name", "quantity", "unit_price", "discount_rate", "payable_amount", "payer",
            "team", "seller", "is_installed", "installation_team", "shares", "add_on", "price_basis",
        ]  # fmt: skip


class NewLineSerializer(serializers.Serializer):
    """A line as wanted. `number`: of a line that is there; without it a new one. `discount_rate` 0.2 is 20 % off."""

    number = serializers.IntegerField(required=False, allow_null=True)
    kind = serializers.ChoiceField(LineKind.choices)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2)
    unit_price = money_field()
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

    store = serializers.SlugRelatedField("code", read_only=True)
    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    advisor = StaffField(read_only=True)

    class Meta:
        model = RepairOrder
        fields = [
            "id", "number", "store", "vehicle", "plate", "customer", "customer_name", "kind", "advisor", "state",
            "wait_reason", "original", "arrived_at", "greeted_at", "promised_at", "completed_at", "settled_at",
            "delivered_at", "cancelled_at", "cancel_reason", "mileage", "fuel_percent", "symptoms", "keeps_old_parts",
            "wants_wash", "estimated_amount", "was_explained",
            "old_parts_returned", "delay_cause", "delay_note", "delay_confirmed", "delay_checked_at", "next_service_on",
            "next_service_km", "agreement", "version",
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
    estimated_amount = money_field(required=False, allow_null=True)
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
    estimated_amount = money_field(required=False, allow_null=True)


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
    was_explained = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="a no is refused; left out: not asked"
    )
    old_parts_returned = serializers.BooleanField(required=False, allow_null=True, default=None)


class WaitSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(WaitReason.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class ReassignSerializer(serializers.Serializer):
    advisor = StaffField()


class OrderViewSet(Idempotent, AddOnActions, VisitActions, Writing, ReadViewSet):
    queryset = RepairOrder.objects.select_related("vehicle", "customer", "advisor", "store")
    serializer_class = WholeOrderSerializer
    filterset_class = OrderFilter
    versioned = frozenset(
        {"partial_update", "write_lines", "change_line", "remove_line", "assessment", "change_add_on"}
    )
    permissions = {
        **AddOnActions.add_on_permissions,
        **VisitActions.visit_permissions,
        "list": Permission.ORDER_VIEW,
        "retrieve": Permission.ORDER_VIEW,
        "create": Permission.ORDER_CREATE,
        "partial_update": Permission.ORDER_CHANGE,
        "lines": Permission.ORDER_VIEW,
        "write_lines": Permission.ORDER_CHANGE,
        "add_line": Permission.ORDER_CHANGE,
        "change_line": Permission.ORDER_CHANGE,
        "remove_line": Permission.ORDER_CHANGE,
        "costs": Permission.COST_VIEW,
        "write_costs": Permission.COST_CHANGE,
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

    @extend_schema(request=OrderChangeSerializer, parameters=[IF_MATCH])
    def partial_update(self, request, pk=None):
        """Change the visit."""
        return self._done(actions.edit_order, OrderChangeSerializer)

    # Lines
    @extend_schema(responses=LineSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def lines(self, request, pk=None):
        return Response(LineSerializer(self.get_object().lines.all(), many=True).data)

    @extend_schema(request=NewLineSerializer(many=True), responses=WholeOrderSerializer, parameters=[IF_MATCH])
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
        parameters=[OpenApiParameter("number", int, "path"), IF_MATCH],
    )  # fmt: skip
    @action(detail=True, methods=["patch"], url_path=r"lines/(?P<number>\d+)")
    def change_line(self, request, pk=None, number=None):
        order = self._own()
        line = get_object_or_404(order.lines.select_related("order"), number=number)
        draft = _draft(self._read(NewLineSerializer, partial=True), line)
        actions.change_line(line=line, draft=draft, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk)

    @extend_schema(
        request=None, responses=WholeOrderSerializer,
        parameters=[OpenApiParameter("number", int, "path"), IF_MATCH],
    )  # fmt: skip
    @change_line.mapping.delete
    def remove_line(self, request, pk=None, number=None):
        order = self._own()
        line = get_object_or_404(order.lines.select_related("order"), number=number)
        actions.remove_line(line=line, expected_version=self.expected_version(), **self._who())
        return self._shown(order.pk)

    # What they cost
    @extend_schema(responses=LineCostSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def costs(self, request, pk=None):
        """What the lines that have a material cost the house."""
        return Response(LineCostSerializer(queries.costed_lines(self.get_object()), many=True).data)

    @extend_schema(request=LineCostsSerializer, responses=LineCostSerializer(many=True))
    @costs.mapping.patch
    def write_costs(self, request, pk=None):
        """Enter or correct what some lines cost, settled orders too; the others stay as they are."""
        order, said = self.get_object(), self._read(LineCostsSerializer)
        costs = {line["number"]: line["unit_cost"] for line in said["lines"]}
        actions.set_line_costs(order=order, costs=costs, reason=said.get("reason", ""), **self._who())
        return Response(LineCostSerializer(queries.costed_lines(order), many=True).data)

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

    @extend_schema(request=AssessmentSerializer, parameters=[IF_MATCH])
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


routes = [("repair-orders", OrderViewSet, "repair-order")]
