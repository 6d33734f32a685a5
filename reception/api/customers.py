"""Customers over HTTP.

Phones are masked everywhere; the whole number is one POST with a reason away, for those who may.
"""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values.phone import national_phone
from reception import actions, queries
from reception.api.changes import ShowingWaiting, status_of, with_waiting
from reception.api.fields import Writing
from reception.forms import CustomerFilter
from reception.models import (
    Customer,
    CustomerPhone,
)


class PhoneSerializer(serializers.ModelSerializer):
    number = serializers.SerializerMethodField(help_text="masked")

    class Meta:
        model = CustomerPhone
        fields = ["id", "number", "is_primary", "wrong_since"]

    def get_number(self, phone) -> str:
        return str(phone)


_CUSTOMER_FIELDS = [
    "name", "kind", "gender", "birthday", "area", "address", "contact_hour", "contact_channel", "source", "level",
    "tags", "no_call_since", "no_call_reason", "no_text_since", "no_text_reason",
]  # fmt: skip


class CustomerSerializer(ShowingWaiting, serializers.ModelSerializer):
    """`merged_into`: the customer this double became a part of."""

    store = serializers.SlugRelatedField("code", read_only=True)
    phones = PhoneSerializer(many=True, read_only=True)
    points = serializers.IntegerField(read_only=True, help_text="balance of the member's points")

    class Meta:
        model = Customer
        fields = [
            "id", "code", "store", *_CUSTOMER_FIELDS, "value_class", "points", "phones", "merged_into",
            "erased_at", "waiting_changes", "reason", "version",
        ]  # fmt: skip
        read_only_fields = ["id", "code", "value_class", "merged_into", "erased_at", "version"]


class NewCustomerSerializer(serializers.ModelSerializer):
    """`phones` as people write them; the first is the primary one."""

    phones = serializers.ListField(child=serializers.CharField(max_length=30), required=False, default=list)

    class Meta:
        model = Customer
        fields = [*_CUSTOMER_FIELDS, "phones"]


class NewPhoneSerializer(serializers.Serializer):
    number = serializers.CharField(max_length=30)
    is_primary = serializers.BooleanField(default=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class PhoneChangeSerializer(serializers.Serializer):
    """Another number, or the first place for this one (`is_primary` true)."""

    number = serializers.CharField(max_length=30, required=False)
    is_primary = serializers.BooleanField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200, default="")


class RevealedSerializer(serializers.Serializer):
    number = serializers.CharField()
    national = serializers.CharField()


class CustomerViewSet(Idempotent, Writing, ReadViewSet):
    """A double that was merged is in no list; asked for by its id it names the customer it went into."""

    queryset = queries.with_points(with_waiting(Customer.objects.select_related("store").prefetch_related("phones")))
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilter
    permissions = {
        "list": Permission.CUSTOMER_VIEW,
        "retrieve": Permission.CUSTOMER_VIEW,
        "create": Permission.CUSTOMER_CHANGE,
        "partial_update": Permission.CUSTOMER_CHANGE,
        "phones": Permission.CUSTOMER_CHANGE,
        "change_phone": Permission.CUSTOMER_CHANGE,
        "remove_phone": Permission.CUSTOMER_CHANGE,
        "reveal_phone": Permission.PHONE_REVEAL,
        "erase": Permission.CUSTOMER_ERASE,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.standing() if self.action == "list" else rows

    @extend_schema(request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def create(self, request):
        customer = actions.create_customer(store=self._store(), **self._who(), **self._read(NewCustomerSerializer))
        return self._shown(customer.pk, status.HTTP_201_CREATED)

    @extend_schema(responses={200: CustomerSerializer, 202: CustomerSerializer})
    def partial_update(self, request, pk=None):
        """Change fields; `If-Match` with the version seen.

        202: another name is asked for with its `reason` and stands in `waiting_changes` until it is decided.
        """
        customer, who = self.get_object(), self._who()
        given = self._read(CustomerSerializer, partial=True)
        actions.change_customer(customer=customer, expected_version=self.expected_version(), **who, **given)
        return self._shown(customer.pk, status_of(customer, who))

    @extend_schema(request=NewPhoneSerializer, responses={201: CustomerSerializer})
    @action(detail=True, methods=["post"])
    def phones(self, request, pk=None):
        customer = self.get_object()
        actions.add_phone(customer=customer, **self._who(), **self._read(NewPhoneSerializer))
        return self._shown(customer.pk, status.HTTP_201_CREATED)

    @extend_schema(
        request=PhoneChangeSerializer, responses={200: CustomerSerializer, 202: CustomerSerializer},
        parameters=[OpenApiParameter("phone", int, "path")],
    )  # fmt: skip
    @action(detail=True, methods=["patch"], url_path=r"phones/(?P<phone>\d+)")
    def change_phone(self, request, pk=None, phone=None):
        """Correct a number or give it the first place; 202 when that waits for a decision."""
        found, who = self._phone(phone), self._who()
        said = self._read(PhoneChangeSerializer)
        if said.get("number"):
            actions.change_phone(phone=found, number=said["number"], reason=said["reason"], **who)
        if said.get("is_primary"):
            actions.make_phone_primary(phone=found, reason=said["reason"], **who)
        return self._shown(found.customer_id, status_of(found.customer, who))

    @extend_schema(
        request=None, responses={200: CustomerSerializer, 202: CustomerSerializer},
        parameters=[OpenApiParameter("phone", int, "path"), OpenApiParameter("reason", str, "query")],
    )  # fmt: skip
    @change_phone.mapping.delete
    def remove_phone(self, request, pk=None, phone=None):
        """Take a number away; 202 when that waits for a decision."""
        found, who = self._phone(phone), self._who()
        actions.remove_phone(phone=found, reason=request.query_params.get("reason", ""), **who)
        return self._shown(found.customer_id, status_of(found.customer, who))

    def _phone(self, pk) -> CustomerPhone:
        return get_object_or_404(self.get_object().phones.select_related("customer__store"), pk=pk)

    @extend_schema(
        request=ReasonSerializer, responses=RevealedSerializer, parameters=[OpenApiParameter("phone", int, "path")]
    )
    @action(detail=True, methods=["post"], url_path=r"phones/(?P<phone>\d+)/reveal")
    def reveal_phone(self, request, pk=None, phone=None):
        """The whole number, for a reason that is written down."""
        found = self._phone(phone)
        number = actions.reveal_phone(phone=found, **self._who(), **self._read(ReasonSerializer))
        return Response({"number": number, "national": national_phone(number)})

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def erase(self, request, pk=None):
        """Erase the personal data on the customer's own request; visits and money stay. There is no way back."""
        customer = self.get_object()
        said = self._read(ReasonSerializer)
        actions.erase_customer(customer=customer, expected_version=self.expected_version(), **self._who(), **said)
        return self._shown(customer.pk)


routes = [("customers", CustomerViewSet, "customer")]
