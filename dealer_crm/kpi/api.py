"""`/api/v1/targets` and `/api/v1/kpis`. Source: spec `interfaces.md` (HTTP API)."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.kpi import actions
from dealer_crm.kpi.choices import Measure, Unit, Verdict
from dealer_crm.kpi.models import Target
from dealer_crm.kpi.queries import MEASURES, Judged, Months, held_against, month_targets, reached
from dealer_crm.organization.models import Store, Team
from dealer_crm.organization.queries import figures_asked_once, store_of, stores_visible_to
from dealer_crm.reporting.queries import period_written
from dealer_crm.rest.serializers import StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values import Period, Refusal
from reception.choices import OrderKind

_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
_JUDGED = "by goal and floor; null without a goal or a figure, and while a sum of the month under way is short of it"
_OF_MONTH = [OpenApiParameter("period", str, required=True), OpenApiParameter("store", str)]


class TeamField(serializers.SlugRelatedField):
    """A team of one's own store by its name."""

    def __init__(self, **options):
        super().__init__(slug_field="name", queryset=Team.objects.none(), **options)

    def get_queryset(self):
        return Team.objects.filter(store=self.context["request"].user.store)


class TargetSerializer(serializers.ModelSerializer):
    """Of the store; or of a team, a person, or a type of orders. Amounts are CNY or cars, rates 0–1."""

    store = serializers.CharField(source="store.code", read_only=True)
    team = TeamField(allow_null=True, required=False)
    staff = StaffField(allow_null=True, required=False)
    order_kind = serializers.ChoiceField(choices=OrderKind.choices, allow_blank=True, required=False)
    period = serializers.RegexField(_MONTH)
    measure = serializers.ChoiceField(choices=Measure.choices)

    class Meta:
        model = Target
        fields = ["id", "store", "period", "measure", "team", "staff", "order_kind", "goal", "floor", "is_signed"]
        read_only_fields = ["is_signed"]
        validators = ()


class ReachedTargetSerializer(TargetSerializer):
    """A target with what is reached of it by now; both empty where nothing could be measured yet."""

    actual = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    achieved = serializers.DecimalField(
        max_digits=12, decimal_places=4, allow_null=True, help_text="actual ÷ goal, of sums only"
    )
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=_JUDGED)

    class Meta(TargetSerializer.Meta):
        fields = [*TargetSerializer.Meta.fields, "actual", "achieved", "verdict"]

    def to_representation(self, instance):
        target = instance.target
        target.actual, target.achieved = _rounded(instance.now.value), _rounded(instance.achieved)
        target.verdict = instance.verdict
        return super().to_representation(target)


class TargetViewSet(Idempotent, ReadViewSet):
    queryset = Target.objects.select_related("store", "team", "staff")
    serializer_class = TargetSerializer
    filterset_fields = ["period", "measure", "order_kind"]
    permissions = {
        "list": Permission.TARGET_VIEW,
        "retrieve": Permission.TARGET_VIEW,
        "create": Permission.TARGET_CHANGE,
        "sign": Permission.TARGET_SIGN,
        "reached": Permission.TARGET_VIEW,
    }

    @extend_schema(responses={201: TargetSerializer})
    def create(self, request):
        """Set a target of one's own store, or change it; a changed goal has to be signed again."""
        asked = TargetSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        facts = {**asked.validated_data, "period": Period.parse(asked.validated_data["period"])}
        target = actions.set_target(store=store_of(request.user), by=request.user, at=timezone.now(), **facts)
        return Response(TargetSerializer(target).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=_OF_MONTH, responses=ReachedTargetSerializer(many=True), filters=False)
    @action(detail=False, pagination_class=None)
    def reached(self, request):
        """All targets of a store's month, each with what is reached of it."""
        store, month = _asked(request)
        with figures_asked_once():
            found = reached(store, month, month_targets(store, month), timezone.now())
        return Response(ReachedTargetSerializer(found, many=True).data)

    @extend_schema(request=None, responses=TargetSerializer)
    @action(detail=True, methods=["post"])
    def sign(self, request, pk=None):
        target = actions.sign_target(target=self.get_object(), by=request.user, at=timezone.now())
        return Response(TargetSerializer(target).data)


class MeasureSerializer(serializers.Serializer):
    code = serializers.CharField()
    label = serializers.CharField()
    unit = serializers.ChoiceField(choices=Unit.choices)
    numerator = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    denominator = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    value = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    goal = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    floor = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_null=True, help_text=_JUDGED)
    is_ceiling = serializers.BooleanField(help_text="whether goal and floor are not to be exceeded")
    definition = serializers.CharField()
    remark = serializers.CharField(help_text="what the figure does not know and leaves out; empty where nothing")


class MeasureViewSet(viewsets.ViewSet):
    """The catalogue of measures for one store and month."""

    permissions = {"list": Permission.KPI_VIEW}
    serializer_class = MeasureSerializer

    @extend_schema(
        parameters=_OF_MONTH,
        responses=MeasureSerializer(many=True),
    )
    def list(self, request):
        store, month = _asked(request)
        at = timezone.now()
        months, is_under_way = Months(store, month, at=at), at < month.bounds(store.tz)[1]
        with figures_asked_once():
            held, measured = held_against(months, month), months.measured(month)
        judged = [
            Judged(MEASURES[code], found, *held.get(code, (None, None)), is_under_way)
            for code, found in measured.items()
        ]
        rows = [
            {
                "code": one.entry.code,
                "label": str(one.entry.label),
                "unit": one.entry.unit,
                "numerator": _rounded(one.now.numerator),
                "denominator": _rounded(one.now.denominator),
                "value": _rounded(one.now.value),
                "goal": _rounded(one.goal),
                "floor": _rounded(one.floor),
                "verdict": one.verdict,
                "is_ceiling": one.entry.is_ceiling,
                "definition": str(one.entry.definition),
                "remark": one.now.remark,
            }
            for one in judged
        ]
        return Response(MeasureSerializer(rows, many=True).data)


def _asked(request) -> tuple[Store, Period]:
    """The store and the month a figure is asked of: one's own store where none is named."""
    try:
        month = period_written(Period, request.query_params.get("period", ""))
    except Refusal as refused:
        raise serializers.ValidationError({"period": [str(refused)]}) from refused
    code = request.query_params.get("store", "").strip().upper()
    if not code and request.user.store is None:
        raise serializers.ValidationError({"store": [_("Name the store: you belong to none yourself.")]})
    return get_object_or_404(stores_visible_to(request.user), code=code) if code else request.user.store, month


def _rounded(value):
    return None if value is None else round(value, 4)


routes = [("targets", TargetViewSet, "target"), ("kpis", MeasureViewSet, "kpi")]
