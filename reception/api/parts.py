"""The parts catalogue over HTTP, and what the lines of an order cost. Purchase prices are shown to who may see them."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.viewsets import IF_MATCH, Idempotent, ReadViewSet
from reception import actions, queries
from reception.api.fields import Writing, money_field
from reception.choices import ARTICLE_CHOICES
from reception.forms import PartFilter
from reception.models import OrderLine, Part


class PartSerializer(serializers.ModelSerializer):
    """`unit_cost`: CNY with tax, in force today since `cost_from`; both are left out for who may not see costs."""

    store = serializers.SlugRelatedField("code", read_only=True)
    kind = serializers.ChoiceField(ARTICLE_CHOICES)
    unit_cost = money_field(read_only=True, allow_null=True, required=False)
    cost_from = serializers.DateField(read_only=True, allow_null=True, required=False)

    class Meta:
        model = Part
        fields = [
            "id", "store", "code", "name", "kind", "unit", "price", "is_active", "unit_cost", "cost_from", "version",
        ]  # fmt: skip

    def to_representation(self, part):
        told = super().to_representation(part)
        if not self.context["request"].user.can(Permission.COST_VIEW):
            del told["unit_cost"], told["cost_from"]
        return told


class PartChangeSerializer(serializers.Serializer):
    """Another `unit_cost` holds from `starts_on` (left out: today) on; left out: nothing is said about it."""

    name = serializers.CharField(max_length=120)
    kind = serializers.ChoiceField(ARTICLE_CHOICES)
    unit = serializers.CharField(max_length=10, required=False, allow_blank=True)
    price = money_field(required=False, allow_null=True)
    is_active = serializers.BooleanField(required=False)
    unit_cost = money_field(required=False, allow_null=True)
    starts_on = serializers.DateField(required=False, allow_null=True)


class NewPartSerializer(PartChangeSerializer):
    code = serializers.CharField(max_length=40)


class PartViewSet(Idempotent, Writing, ReadViewSet):
    """The parts catalogue (配件目录); `q`, `kind`, `is_active`, `store` filter."""

    queryset = Part.objects.all()
    serializer_class = PartSerializer
    filterset_class = PartFilter
    versioned = frozenset({"partial_update"})
    permissions = {
        "list": Permission.ORDER_VIEW,
        "retrieve": Permission.ORDER_VIEW,
        "create": Permission.COST_CHANGE,
        "partial_update": Permission.COST_CHANGE,
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return queries.parts_visible_to(self.request.user, timezone.localdate()).order_by("pk")

    @extend_schema(request=NewPartSerializer, responses={201: PartSerializer})
    def create(self, request):
        part = actions.enter_part(store=self._store(), **self._who(), **self._read(NewPartSerializer))
        return self._shown(part.pk, status.HTTP_201_CREATED)

    @extend_schema(request=PartChangeSerializer(partial=True), parameters=[IF_MATCH])
    def partial_update(self, request, pk=None):
        """Change an article, or what it is bought for."""
        part = self.get_object()
        known = {name: getattr(part, name) for name in ("name", "kind", "unit", "price", "is_active")}
        said = {**known, **self._read(PartChangeSerializer, partial=True)}
        actions.change_part(part=part, expected_version=self.expected_version(), **self._who(), **said)
        return self._shown(part.pk)


class LineCostSerializer(serializers.ModelSerializer):
    """`unit_cost`: CNY with tax for one piece, null while nobody knows; `cost`: of the whole line."""

    cost = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True, read_only=True)

    class Meta:
        model = OrderLine
        fields = ["number", "kind", "code", "name", "quantity", "payable_amount", "unit_cost", "cost"]


class NewLineCostSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    unit_cost = money_field(allow_null=True)


class LineCostsSerializer(serializers.Serializer):
    """`reason`: needed where a purchase price that is known is changed."""

    lines = NewLineCostSerializer(many=True, allow_empty=False)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


routes = [("parts", PartViewSet, "part")]
