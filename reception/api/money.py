"""Settlements, receipts and receivables over HTTP."""

import django_filters
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.paging import NewestFirst
from dealer_crm.rest.serializers import ReasonSerializer, StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception import actions
from reception.api.fields import VisibleField, Writing, money_field
from reception.choices import PAYING_CHOICES, PaymentMethod
from reception.forms import ReceivableFilter
from reception.models import (
    Receipt,
    Receivable,
    RepairOrder,
    Settlement,
    SettlementAmount,
)


class AmountSerializer(serializers.ModelSerializer):
    class Meta:
        model = SettlementAmount
        fields = ["payer", "amount", "accessory_amount"]


class SettlementSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="order.store.code", read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    amounts = AmountSerializer(many=True, read_only=True)
    settled_by = StaffField(read_only=True)
    reversed_by = StaffField(read_only=True)
    reversal_requested_by = StaffField(read_only=True)
    reversal_approved_by = StaffField(read_only=True)

    class Meta:
        model = Settlement
        fields = [
            "id", "number", "store", "order", "order_number", "settled_at", "settled_by", "lines", "amounts",
            "reversal_requested_at", "reversal_requested_by", "reversal_reason", "reversed_at", "reversed_by",
            "reversal_approved_by",
        ]  # fmt: skip


class DeclineSerializer(serializers.Serializer):
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=200)


class SettlementFilter(django_filters.FilterSet):
    store = django_filters.CharFilter("order__store__code")

    class Meta:
        model = Settlement
        fields = {"order": ["exact"], "settled_at": ["gte", "lt"], "reversed_at": ["isnull"]}


class SettlementViewSet(Idempotent, Writing, ReadViewSet):
    queryset = Settlement.objects.select_related(
        "order__store", "settled_by", "reversed_by", "reversal_requested_by", "reversal_approved_by"
    ).prefetch_related("amounts")
    serializer_class = SettlementSerializer
    filterset_class = SettlementFilter
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
    store = serializers.CharField(source="order.store.code", read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    entered_by = StaffField(read_only=True)

    class Meta:
        model = Receipt
        fields = [
            "id", "number", "store", "order", "order_number", "payer", "received_on", "amount", "accessory_amount",
            "method", "refunds", "note", "entered_by", "entered_at",
        ]  # fmt: skip


class NewReceiptSerializer(serializers.Serializer):
    order = VisibleField(queryset=RepairOrder.objects.all())
    payer = serializers.ChoiceField(PAYING_CHOICES)
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


class PartSerializer(serializers.Serializer):
    """One way of paying. A prepaid balance is drawn by the settlement itself."""

    method = serializers.ChoiceField(PaymentMethod.choices)
    amount = money_field()


class SplitReceiptSerializer(serializers.Serializer):
    """Money paid in several ways at once."""

    order = VisibleField(queryset=RepairOrder.objects.all())
    payer = serializers.ChoiceField(PAYING_CHOICES)
    parts = PartSerializer(many=True)
    received_on = serializers.DateField(required=False, allow_null=True)
    accessory_amount = money_field(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class TransferPartSerializer(serializers.Serializer):
    order = VisibleField(queryset=RepairOrder.objects.all())
    amount = money_field()


class TransferSerializer(serializers.Serializer):
    """One payment over many orders; `parts` add up to `total`."""

    payer = serializers.ChoiceField(PAYING_CHOICES)
    total = money_field()
    parts = TransferPartSerializer(many=True, max_length=1000)
    reference = serializers.CharField(max_length=100)
    received_on = serializers.DateField(required=False, allow_null=True)
    method = serializers.ChoiceField(PaymentMethod.choices, required=False)


class ReceiptFilter(django_filters.FilterSet):
    store = django_filters.CharFilter("order__store__code")

    class Meta:
        model = Receipt
        fields = {"order": ["exact"], "payer": ["exact"], "received_on": ["gte", "lte"], "method": ["exact"]}


class ReceiptViewSet(Idempotent, Writing, ReadViewSet):
    queryset = Receipt.objects.select_related("order__store", "entered_by")
    serializer_class = ReceiptSerializer
    filterset_class = ReceiptFilter
    permissions = {
        "list": Permission.RECEIPT_VIEW,
        "retrieve": Permission.RECEIPT_VIEW,
        "create": Permission.RECEIPT_CREATE,
        "split": Permission.RECEIPT_CREATE,
        "transfer": Permission.RECEIPT_CREATE,
        "refund": Permission.RECEIPT_CREATE,
    }

    @extend_schema(request=NewReceiptSerializer, responses={201: ReceiptSerializer})
    def create(self, request):
        receipt = actions.enter_receipt(**self._who(), **self._read(NewReceiptSerializer))
        return self._shown(receipt.pk, status.HTTP_201_CREATED)

    def _all_shown(self, receipts) -> Response:
        rows = self.get_queryset().filter(pk__in=[receipt.pk for receipt in receipts]).order_by("pk")
        return Response(self.serializer_class(rows, many=True).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SplitReceiptSerializer, responses={201: ReceiptSerializer(many=True)}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def split(self, request):
        """Money paid in several ways at once: a receipt for each way, all or none."""
        said = self._read(SplitReceiptSerializer)
        said["parts"] = [(part["method"], part["amount"]) for part in said["parts"]]
        return self._all_shown(actions.enter_receipts(**self._who(), **said))

    @extend_schema(request=TransferSerializer, responses={201: ReceiptSerializer(many=True)}, filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def transfer(self, request):
        """One payment of a manufacturer or insurer over many orders: a receipt for each, all or none."""
        said = self._read(TransferSerializer)
        said["parts"] = [(part["order"], part["amount"]) for part in said["parts"]]
        return self._all_shown(actions.enter_transfer(**self._who(), **said))

    @extend_schema(request=RefundSerializer, responses={201: ReceiptSerializer})
    @action(detail=True, methods=["post"])
    def refund(self, request, pk=None):
        """Pay back the receipt or a part of it."""
        refund = actions.refund_receipt(receipt=self.get_object(), **self._who(), **self._read(RefundSerializer))
        return self._shown(refund.pk, status.HTTP_201_CREATED)


class ReceivableSerializer(serializers.ModelSerializer):
    """What one payer owes on one order: by the live settlement, less what came in. Below zero: to be paid back."""

    store = serializers.CharField(source="store.code", read_only=True)
    order_number = serializers.CharField(source="order.number", read_only=True)
    plate = serializers.CharField(source="order.vehicle.plate", read_only=True)
    customer_name = serializers.CharField(source="order.customer.name", read_only=True)
    open_amount = money_field(read_only=True)

    class Meta:
        model = Receivable
        fields = [
            "id", "store", "order", "order_number", "plate", "customer_name", "payer", "settled_amount",
            "received_amount", "open_amount", "due_since",
        ]  # fmt: skip


class OldestFirst(NewestFirst):
    ordering = ("due_since", "id")


class CountedToToday(DjangoFilterBackend):
    """Ages are counted to the day of the question."""

    def get_filterset_kwargs(self, request, queryset, view):
        return {**super().get_filterset_kwargs(request, queryset, view), "today": timezone.localdate()}


class ReceivableViewSet(Idempotent, Writing, ReadViewSet):
    """Open ones unless `state` says otherwise, the longest due first."""

    queryset = Receivable.objects.select_related("store", "order__vehicle", "order__customer")
    serializer_class = ReceivableSerializer
    filterset_class = ReceivableFilter
    filter_backends = [CountedToToday]
    pagination_class = OldestFirst
    permissions = {
        "list": Permission.RECEIVABLE_VIEW,
        "retrieve": Permission.RECEIVABLE_VIEW,
        "pay_back": Permission.RECEIPT_CREATE,
    }

    def filter_queryset(self, queryset):
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @extend_schema(request=RefundSerializer, responses={201: ReceiptSerializer(many=True)})
    @action(detail=True, methods=["post"], url_path="pay-back", pagination_class=None)
    def pay_back(self, request, pk=None):
        """Pay back what a payer has paid too much; the newest receipts first."""
        row = self.get_object()
        refunds = actions.pay_back(order=row.order, payer=row.payer, **self._who(), **self._read(RefundSerializer))
        return Response(ReceiptSerializer(refunds, many=True).data, status=status.HTTP_201_CREATED)


routes = [
    ("settlements", SettlementViewSet, "settlement"),
    ("receipts", ReceiptViewSet, "receipt"),
    ("receivables", ReceivableViewSet, "receivable"),
]
