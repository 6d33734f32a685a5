"""Settlements and receipts over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception import actions
from reception.api.fields import StaffField, VisibleField, Writing, money_field
from reception.choices import PAYING, PaymentMethod
from reception.models import (
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
)


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


class DeclineSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class SettlementViewSet(Idempotent, Writing, ReadViewSet):
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
    amount = money_field()
    method = serializers.ChoiceField(PaymentMethod.choices)
    received_on = serializers.DateField(required=False, allow_null=True)
    accessory_amount = money_field(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class RefundSerializer(serializers.Serializer):
    amount = money_field()
    reason = serializers.CharField(max_length=200)
    method = serializers.ChoiceField(PaymentMethod.choices, required=False)
    refunded_on = serializers.DateField(required=False, allow_null=True)


class ReceiptViewSet(Idempotent, Writing, ReadViewSet):
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


routes = [("settlements", SettlementViewSet, "settlement"), ("receipts", ReceiptViewSet, "receipt")]
