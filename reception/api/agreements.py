"""Service agreements over HTTP: read only, with what is left of each. They are made and approved on their pages."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.serializers import StaffField
from dealer_crm.rest.viewsets import ReadViewSet
from reception import queries
from reception.forms import AgreementFilter
from reception.models import Agreement, AgreementItem


class AgreementItemSerializer(serializers.ModelSerializer):
    """`unit_price` null: free of charge. `times` null: any number of times, then `left` is null too."""

    left = serializers.IntegerField(source="times_left", allow_null=True, read_only=True)

    class Meta:
        model = AgreementItem
        fields = ["id", "kind", "code", "name", "unit_price", "times", "left"]


class AgreementSerializer(serializers.ModelSerializer):
    """`vehicles` empty: every car of the customer. `balance` null: nothing was prepaid."""

    store = serializers.SlugRelatedField(slug_field="code", read_only=True)
    made_by = StaffField(read_only=True)
    approved_by = StaffField(read_only=True)
    items = serializers.SerializerMethodField()
    balance = serializers.SerializerMethodField()

    class Meta:
        model = Agreement
        fields = [
            "id", "number", "store", "customer", "vehicles", "kind", "name", "state", "starts_on", "ends_on",
            "labour_discount_rate", "part_discount_rate", "prepaid_amount", "balance", "response_hours",
            "has_priority", "terms", "items", "made_by", "made_at", "approved_by", "approved_at", "ended_at",
            "end_reason", "version",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(AgreementItemSerializer(many=True))
    def get_items(self, agreement):
        shown = []
        for one in self._standing(agreement).items:
            one.item.times_left = one.left
            shown.append(one.item)
        return AgreementItemSerializer(shown, many=True).data

    @extend_schema_field(serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True))
    def get_balance(self, agreement):
        balance = self._standing(agreement).balance
        return None if balance is None else f"{balance:.2f}"

    def _standing(self, agreement):
        """Asked for all rows of the answer at once."""
        known = self.context.setdefault("standings", {})
        if agreement.pk not in known:
            rows = self.parent.instance if isinstance(self.parent, serializers.ListSerializer) else [agreement]
            known.update({one.agreement.pk: one for one in queries.standings(rows)})
        return known[agreement.pk]


class AgreementViewSet(ReadViewSet):
    queryset = Agreement.objects.select_related("store", "made_by", "approved_by").prefetch_related("vehicles")
    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    permissions = {"list": Permission.AGREEMENT_VIEW, "retrieve": Permission.AGREEMENT_VIEW}


routes = [("agreements", AgreementViewSet, "agreement")]
