"""Appeals and goodwill over HTTP."""

import django_filters
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from complaints import actions
from complaints.choices import GoodwillKind, GoodwillState
from complaints.models import Appeal, Complaint, Goodwill, GoodwillBudget
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.serializers import ReasonSerializer
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values import Period


class AppealSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="complaint.store.code", read_only=True)
    number = serializers.CharField(source="complaint.number", read_only=True)
    staff = serializers.CharField(source="staff.work_number", read_only=True)
    judged_by = serializers.CharField(source="judged_by.work_number", default=None, read_only=True)
    decided_by = serializers.CharField(source="decided_by.work_number", default=None, read_only=True)

    class Meta:
        model = Appeal
        fields = (
            "id", "store", "complaint", "number", "staff", "share", "judged_by", "judged_at", "text", "appealed_at",
            "is_accepted", "answer", "decided_by", "decided_at", "version",
        )  # fmt: skip


class NewAppealSerializer(serializers.Serializer):
    """An appeal of whoever sends it, against the judgement in force on a complaint."""

    complaint = serializers.IntegerField()
    text = serializers.CharField(max_length=4000)


class AppealAnswerSerializer(serializers.Serializer):
    is_accepted = serializers.BooleanField()
    text = serializers.CharField(max_length=4000)


class AppealViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    """One's own appeals; to who decides appeals, those of the store."""

    queryset = Appeal.objects.select_related("complaint__store", "staff", "judged_by", "decided_by")
    serializer_class = AppealSerializer
    permissions = {
        "list": Permission.APPEAL_CREATE,
        "retrieve": Permission.APPEAL_CREATE,
        "create": Permission.APPEAL_CREATE,
        "decide": Permission.APPEAL_DECIDE,
    }

    def get_queryset(self):
        rows = super().get_queryset()
        person = self.request.user
        return (
            rows if not person.is_authenticated or person.can(Permission.APPEAL_DECIDE) else rows.filter(staff=person)
        )

    @extend_schema(request=NewAppealSerializer, responses={201: AppealSerializer})
    def create(self, request):
        """Appeal within the days after being told."""
        said = NewAppealSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        mine = Complaint.objects.filter(responsibilities__staff=request.user)
        complaint = get_object_or_404(mine, pk=said.validated_data["complaint"])
        appeal = actions.make_appeal(
            complaint=complaint, text=said.validated_data["text"], by=request.user, at=timezone.now()
        )
        return Response(AppealSerializer(appeal).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=AppealAnswerSerializer, responses=AppealSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request, pk=None):
        """Accepted (the judgement falls) or rejected, once, with the reasons; never by who judged."""
        appeal, said = self.get_object(), AppealAnswerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        decided = actions.decide_appeal(
            appeal=appeal, **said.validated_data, by=request.user, at=timezone.now(),
            expected_version=self.expected_version(),
        )  # fmt: skip
        return Response(AppealSerializer(decided).data)


class GoodwillSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="complaint.store.code", read_only=True)
    number = serializers.CharField(source="complaint.number", read_only=True)
    period = serializers.CharField(source="budget.period", default=None, read_only=True)
    requested_by = serializers.CharField(source="requested_by.work_number", default=None, read_only=True)
    decided_by = serializers.CharField(source="decided_by.work_number", default=None, read_only=True)
    reversed_by = serializers.CharField(source="reversed_by.work_number", default=None, read_only=True)

    class Meta:
        model = Goodwill
        fields = (
            "id", "store", "complaint", "number", "kind", "amount", "reason", "state", "is_of_decision", "period",
            "requested_by", "requested_at", "decided_by", "decided_at", "reversed_by", "reversed_at", "note",
            "version",
        )  # fmt: skip


class NewGoodwillSerializer(serializers.Serializer):
    complaint = serializers.PrimaryKeyRelatedField(queryset=Complaint.objects.none())
    kind = serializers.ChoiceField(choices=GoodwillKind.choices)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    reason = serializers.CharField(max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["complaint"].queryset = Complaint.objects.visible_to(request.user)


class GoodwillFilter(django_filters.FilterSet):
    period = django_filters.CharFilter(field_name="budget__period")
    state = django_filters.ChoiceFilter(choices=GoodwillState.choices)

    class Meta:
        model = Goodwill
        fields = ("complaint", "kind")


class GoodwillViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Goodwill.objects.select_related(
        "complaint__store", "budget", "requested_by", "decided_by", "reversed_by"
    )
    serializer_class = GoodwillSerializer
    filterset_class = GoodwillFilter
    permissions = {
        "list": Permission.GOODWILL_VIEW,
        "retrieve": Permission.GOODWILL_VIEW,
        "create": Permission.GOODWILL_REQUEST,
        "approve": Permission.GOODWILL_APPROVE,
        "decline": Permission.GOODWILL_APPROVE,
        "reverse": Permission.GOODWILL_APPROVE,
    }

    @extend_schema(request=NewGoodwillSerializer, responses={201: GoodwillSerializer})
    def create(self, request):
        """Ask for goodwill on a complaint; somebody else grants it."""
        said = NewGoodwillSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        made = actions.request_goodwill(**said.validated_data, by=request.user, at=timezone.now())
        return Response(GoodwillSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=GoodwillSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        """Grant it and book it on the budget of this month."""
        return self._done(actions.approve_goodwill)

    @extend_schema(request=ReasonSerializer, responses=GoodwillSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, pk=None):
        """Turn it down, with the reason."""
        return self._done(actions.decline_goodwill, ReasonSerializer)

    @extend_schema(request=ReasonSerializer, responses=GoodwillSerializer)
    @action(detail=True, methods=["post"])
    def reverse(self, request, pk=None):
        """Take back what was granted; its budget has it again."""
        return self._done(actions.reverse_goodwill, ReasonSerializer)

    def _done(self, act, serializer_class=serializers.Serializer) -> Response:
        goodwill, said = self.get_object(), serializer_class(data=self.request.data)
        said.is_valid(raise_exception=True)
        done = act(
            goodwill=goodwill, **said.validated_data, by=self.request.user, at=timezone.now(),
            expected_version=self.expected_version(),
        )  # fmt: skip
        return Response(GoodwillSerializer(done).data)


class BudgetSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    left_amount = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)

    class Meta:
        model = GoodwillBudget
        fields = ("id", "store", "period", "amount", "spent_amount", "left_amount", "version")


class NewBudgetSerializer(serializers.Serializer):
    period = serializers.RegexField(r"^\d{4}-(0[1-9]|1[0-2])$")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class GoodwillBudgetViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    """Months whose budget was touched; the rest stands at the dated figure."""

    queryset = GoodwillBudget.objects.select_related("store")
    serializer_class = BudgetSerializer
    filterset_fields = ("period",)
    permissions = {
        "list": Permission.GOODWILL_VIEW,
        "retrieve": Permission.GOODWILL_VIEW,
        "create": Permission.GOODWILL_BUDGET_CHANGE,
    }

    @extend_schema(request=NewBudgetSerializer, responses=BudgetSerializer)
    def create(self, request):
        """Set the budget of a month of one's own store; never below what is spent."""
        said = NewBudgetSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        budget = actions.change_goodwill_budget(
            store=store_of(request.user), period=Period.parse(said.validated_data["period"]),
            amount=said.validated_data["amount"], by=request.user, at=timezone.now(),
        )  # fmt: skip
        return Response(BudgetSerializer(budget).data)
