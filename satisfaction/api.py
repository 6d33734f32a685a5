"""Responses to questionnaires and improvement plans over HTTP. Source: spec `interfaces.md` (HTTP API)."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.response import Response as Answered

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception.models import RepairOrder
from satisfaction import actions, queries
from satisfaction.choices import PlanStage, ResponseSource
from satisfaction.models import Answer, ImprovementPlan, Questionnaire, Response

# What the factory heard comes with its own workbook and is in no figure of ours.
OWN_SOURCES = [(code, label) for code, label in ResponseSource.choices if code != ResponseSource.FACTORY]


class AnswerSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="question.code")

    class Meta:
        model = Answer
        fields = ("code", "score", "text")


class ResponseSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    questionnaire = serializers.CharField(source="version.questionnaire.code")
    version_number = serializers.IntegerField(source="version.number")
    order_number = serializers.CharField(source="order.number", default=None)
    advisor = serializers.CharField(source="advisor.work_number", default=None)
    taken_by = serializers.CharField(source="taken_by.work_number", default=None)
    answers = AnswerSerializer(many=True, read_only=True)

    class Meta:
        model = Response
        fields = (
            "id", "number", "questionnaire", "version_number", "store", "order", "order_number", "customer", "advisor",
            "source", "answered_at", "taken_by", "answers",
        )  # fmt: skip


class NewResponseSerializer(serializers.Serializer):
    """`questionnaire` is a code; the version in force is answered, and where `version_number` is given it must be that
    one: nobody's answers end up under a wording they have not heard. `answers`: question code → value.

    `number` is the caller's own key: the same key is taken down once.
    """

    questionnaire = serializers.SlugRelatedField(slug_field="code", queryset=Questionnaire.objects.all())
    version_number = serializers.IntegerField(allow_null=True, default=None)
    order = serializers.PrimaryKeyRelatedField(queryset=RepairOrder.objects.none(), allow_null=True, default=None)
    # What the factory heard comes with its own workbook and is in no figure of ours.
    source = serializers.ChoiceField(
        choices=[one for one in ResponseSource.choices if one[0] != ResponseSource.FACTORY]
    )
    answered_at = serializers.DateTimeField(allow_null=True, default=None)
    number = serializers.CharField(max_length=80, allow_null=True, default=None)
    answers = serializers.DictField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        request = self.context.get("request")
        if request is not None:
            self.fields["order"].queryset = RepairOrder.objects.visible_to(request.user)


class ResponseFilter(django_filters.FilterSet):
    answered_after = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="gte")
    answered_before = django_filters.IsoDateTimeFilter(field_name="answered_at", lookup_expr="lt")
    questionnaire = django_filters.CharFilter(field_name="version__questionnaire__code")
    source = django_filters.ChoiceFilter(choices=ResponseSource.choices)

    class Meta:
        model = Response
        fields = ("order", "customer", "advisor")


class ResponseViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = (
        Response.objects.of_customers()
        .select_related("store", "version__questionnaire", "order", "advisor", "taken_by")
        .prefetch_related("answers__question")
    )
    serializer_class = ResponseSerializer
    filterset_class = ResponseFilter
    permissions = {
        "list": Permission.SATISFACTION_VIEW,
        "retrieve": Permission.SATISFACTION_VIEW,
        "create": Permission.CALL_TAKE,
    }

    @extend_schema(request=NewResponseSerializer, responses={201: ResponseSerializer})
    def create(self, request):
        """Take down what a customer answered."""
        said = NewResponseSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        facts, now = said.validated_data, timezone.now()
        response = actions.record_response(
            version=queries.version_numbered(facts["questionnaire"], facts["version_number"], at=now),
            store=store_of(request.user),
            order=facts["order"],
            customer=None,
            source=facts["source"],
            answered_at=facts["answered_at"] or now,
            answers=facts["answers"],
            number=facts["number"],
            taken_by=request.user,
            by=request.user,
            at=now,
        )
        fresh = self.queryset.all().get(pk=response.pk)
        return Answered(ResponseSerializer(fresh).data, status=status.HTTP_201_CREATED)


class ImprovementPlanSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    stage = serializers.ChoiceField(choices=PlanStage, read_only=True)
    owner = serializers.CharField(source="owner.work_number")
    created_by = serializers.CharField(source="created_by.work_number", default=None)
    closed_by = serializers.CharField(source="closed_by.work_number", default=None)

    class Meta:
        model = ImprovementPlan
        fields = (
            "id", "store", "period", "factor_code", "factor_name", "stage", "cause", "measure", "owner", "due_on",
            "begun_at", "done_at", "done_note", "check_on", "outcome", "result", "created_by", "created_at",
            "closed_by", "closed_at",
        )  # fmt: skip


class ImprovementPlanFilter(django_filters.FilterSet):
    stage = django_filters.ChoiceFilter(choices=PlanStage.choices, method="at_stage")
    owner = django_filters.CharFilter(field_name="owner__work_number")

    class Meta:
        model = ImprovementPlan
        fields = ("period", "factor_code")

    def at_stage(self, rows, _name, stage):
        return rows.at_stage(stage)


class ImprovementPlanViewSet(ReadViewSet):
    """Improvement plans: every plan of the store for who may see its figures, else those one answers for."""

    queryset = ImprovementPlan.objects.select_related("store", "owner", "created_by", "closed_by")
    serializer_class = ImprovementPlanSerializer
    filterset_class = ImprovementPlanFilter
    permissions = {"list": Permission.IMPROVEMENT_VIEW_OWN, "retrieve": Permission.IMPROVEMENT_VIEW_OWN}


routes = [
    ("responses", ResponseViewSet, "response"),
    ("improvement-plans", ImprovementPlanViewSet, "improvement-plan"),
]
