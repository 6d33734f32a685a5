"""`/api/v1/commission-runs`: read, compute, review, approve, lock; `/api/v1/coefficient-changes`: ask, decide.

Source: spec `interfaces.md` (HTTP API), `commission.md`.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from commission import actions, queries
from commission.models import CoefficientChange, Run, Statement
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values import Period, Refusal


class StatementSerializer(serializers.ModelSerializer):
    work_number = serializers.CharField(source="staff.work_number")
    name = serializers.CharField(source="staff.name")

    class Meta:
        model = Statement
        fields = ["id", "work_number", "name", "post", "gross_amount", "complaint_amount", "appraisal_amount",
                  "adjustment_amount", "correction_amount", "net_amount"]  # fmt: skip


class RunSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code")
    plan_version = serializers.CharField(source="plan_version.number")

    class Meta:
        model = Run
        fields = ["id", "store", "period", "state", "plan_version", "net_total_amount", "computed_at", "reviewed_at",
                  "approved_at", "locked_at", "version"]  # fmt: skip


class RunDetailSerializer(RunSerializer):
    statements = StatementSerializer(many=True)

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "figures", "warnings", "carry_over", "statements"]


class ComputeSerializer(serializers.Serializer):
    period = serializers.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$", help_text="2026-10")


class ApproveSerializer(serializers.Serializer):
    seen_unchecked = serializers.IntegerField(
        min_value=0, default=0, help_text="How many unchecked statements are approved all the same."
    )


class RunViewSet(Idempotent, ReadViewSet):
    queryset = Run.objects.select_related("store", "plan_version__plan")
    serializer_class = RunSerializer
    filterset_fields = ["period", "state"]
    permissions = {
        "list": Permission.RUN_VIEW,
        "retrieve": Permission.RUN_VIEW,
        "create": Permission.RUN_COMPUTE,
        "review": Permission.RUN_REVIEW,
        "approve": Permission.RUN_APPROVE,
        "lock": Permission.RUN_LOCK,
        "send_back": Permission.RUN_RETURN,
    }

    def rows(self):
        rows = super().rows()
        if self.action == "retrieve":
            return rows.prefetch_related("statements__staff")
        return rows.defer("figures", "warnings", "carry_over")

    def get_serializer_class(self):
        return RunDetailSerializer if self.action == "retrieve" else RunSerializer

    @extend_schema(request=ComputeSerializer, responses={201: RunSerializer})
    def create(self, request):
        """Compute a month of one's own store, or its draft again."""
        asked = ComputeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        run = actions.compute_run(
            store=store_of(request.user),
            period=Period.parse(asked.validated_data["period"]),
            by=request.user,
            at=timezone.now(),
        )
        return Response(RunSerializer(run).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request, pk=None):
        return self._moved(actions.review_run)

    @extend_schema(request=ApproveSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        asked = ApproveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._moved(actions.approve_run, **asked.validated_data)

    @extend_schema(request=None, responses=RunSerializer)
    @action(detail=True, methods=["post"])
    def lock(self, request, pk=None):
        return self._moved(actions.lock_run)

    @extend_schema(request=ReasonSerializer, responses=RunSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request, pk=None):
        asked = ReasonSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return self._moved(actions.return_run, reason=asked.validated_data["reason"])

    def _moved(self, move, **arguments):
        run = move(
            run=self.get_object(),
            by=self.request.user,
            at=timezone.now(),
            version=self.expected_version(),
            **arguments,
        )
        return Response(RunSerializer(run).data)


class CoefficientChangeSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code")
    work_number = serializers.CharField(source="staff.work_number")
    name = serializers.CharField(source="staff.name")
    team = serializers.CharField(source="team.name")
    asked_by = serializers.CharField(source="asked_by.name")
    decided_by = serializers.CharField(source="decided_by.name", default=None)
    revoked_by = serializers.CharField(source="revoked_by.name", default=None)

    class Meta:
        model = CoefficientChange
        fields = ["id", "store", "work_number", "name", "team", "starts_on", "ends_on", "coefficient", "reason",
                  "state", "asked_by", "asked_at", "decided_by", "decided_at", "decision_reason", "revoked_by",
                  "revoked_at"]  # fmt: skip


class AskForChangeSerializer(serializers.Serializer):
    work_number = serializers.CharField(max_length=20)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="Counted; in the month of starts_on.")
    coefficient = serializers.DecimalField(max_digits=6, decimal_places=3)
    reason = serializers.CharField(max_length=200)


class CoefficientChangeViewSet(Idempotent, ReadViewSet):
    queryset = CoefficientChange.objects.all()
    serializer_class = CoefficientChangeSerializer
    filterset_fields = ["state"]
    permissions = {
        "list": Permission.COEFFICIENT_VIEW,
        "retrieve": Permission.COEFFICIENT_VIEW,
        "create": Permission.COEFFICIENT_ASK,
        "withdraw": Permission.COEFFICIENT_ASK,
        "approve": Permission.COEFFICIENT_APPROVE,
        "decline": Permission.COEFFICIENT_APPROVE,
        "revoke": Permission.COEFFICIENT_APPROVE,
    }

    def rows(self):
        return queries.coefficient_changes_for(self.request.user, timezone.localdate())

    @extend_schema(request=AskForChangeSerializer, responses={201: CoefficientChangeSerializer})
    def create(self, request):
        """Ask for a temporary coefficient of somebody of one's own teams."""
        asked = AskForChangeSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts, at = asked.validated_data, timezone.now()
        staff = Staff.objects.filter(store=store_of(request.user), work_number__iexact=facts.pop("work_number")).first()
        if staff is None:
            raise Refusal(_("Nobody in your store has this work number."), field="work_number")
        change = actions.ask_for_change(staff=staff, by=request.user, at=at, **facts)
        return Response(self.get_serializer(change).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=CoefficientChangeSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        return self._decided(actions.withdraw_change)

    @extend_schema(request=None, responses=CoefficientChangeSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        return self._decided(actions.approve_change)

    @extend_schema(request=ReasonSerializer, responses=CoefficientChangeSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, pk=None):
        return self._decided(actions.decline_change, reason=self._reason())

    @extend_schema(request=ReasonSerializer, responses=CoefficientChangeSerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk=None):
        return self._decided(actions.revoke_change, reason=self._reason())

    def _reason(self) -> str:
        asked = ReasonSerializer(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return asked.validated_data["reason"]

    def _decided(self, decide, **arguments):
        change = decide(change=self.get_object(), by=self.request.user, at=timezone.now(), **arguments)
        return Response(self.get_serializer(change).data)


routes = [
    ("commission-runs", RunViewSet, "commission-run"),
    ("coefficient-changes", CoefficientChangeViewSet, "coefficient-change"),
]
