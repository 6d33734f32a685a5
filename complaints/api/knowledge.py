"""The knowledge base and major-incident reports over HTTP."""

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from complaints import actions, queries
from complaints.choices import Category
from complaints.models import Complaint, IncidentReport, KnowledgeEntry
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import IF_MATCH, Idempotent, ReadViewSet


class KnowledgeSerializer(serializers.ModelSerializer):
    """The words are those in force; of a draft none."""

    store = serializers.CharField(source="store.code", read_only=True)
    phenomenon = serializers.CharField(source="current.phenomenon", default=None, read_only=True)
    cause = serializers.CharField(source="current.cause", default=None, read_only=True)
    remedy = serializers.CharField(source="current.remedy", default=None, read_only=True)
    wording = serializers.CharField(source="current.wording", default=None, read_only=True)
    number = serializers.IntegerField(source="current.number", default=None, read_only=True)

    class Meta:
        model = KnowledgeEntry
        fields = (
            "id", "store", "category", "phenomenon", "cause", "remedy", "wording", "number", "source", "used_count",
            "used_at", "withdrawn_at", "created_at", "version",
        )  # fmt: skip


class KnowledgeWordsSerializer(serializers.Serializer):
    category = serializers.ChoiceField(choices=Category.choices)
    phenomenon = serializers.CharField(max_length=200)
    cause = serializers.CharField(allow_blank=True, default="", max_length=4000)
    remedy = serializers.CharField(max_length=4000)
    wording = serializers.CharField(allow_blank=True, default="", max_length=4000)


class DraftSerializer(serializers.Serializer):
    """A closed complaint to draw a draft from."""

    complaint = serializers.PrimaryKeyRelatedField(queryset=Complaint.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["complaint"].queryset = Complaint.objects.visible_to(request.user)


class KnowledgeFilter(django_filters.FilterSet):
    class Meta:
        model = KnowledgeEntry
        fields = ("category",)


class KnowledgeViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = KnowledgeEntry.objects.select_related("store", "current")
    serializer_class = KnowledgeSerializer
    filterset_class = KnowledgeFilter
    versioned = frozenset({"rewrite"})
    permissions = {
        "list": Permission.KNOWLEDGE_VIEW,
        "retrieve": Permission.KNOWLEDGE_VIEW,
        "offered": Permission.KNOWLEDGE_VIEW,
        "use": Permission.KNOWLEDGE_VIEW,
        "create": Permission.KNOWLEDGE_WRITE,
        "draft": Permission.KNOWLEDGE_WRITE,
        "rewrite": Permission.KNOWLEDGE_WRITE,
        "approve": Permission.KNOWLEDGE_APPROVE,
        "withdraw": Permission.KNOWLEDGE_APPROVE,
    }

    @extend_schema(request=KnowledgeWordsSerializer, responses={201: KnowledgeSerializer})
    def create(self, request):
        """Write an entry; the supervisor's own holds at once."""
        said = KnowledgeWordsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = {"store": store_of(request.user), **said.validated_data}
        return self._shown(actions.write_knowledge(**facts, by=request.user, at=timezone.now()), 201)

    @extend_schema(request=DraftSerializer, responses={201: KnowledgeSerializer})
    @action(detail=False, methods=["post"])
    def draft(self, request):
        """A draft out of a closed case."""
        said = DraftSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        return self._shown(actions.draft_from_case(**said.validated_data, by=request.user, at=timezone.now()), 201)

    @extend_schema(
        parameters=[OpenApiParameter("text", str), OpenApiParameter("category", str)],
        responses=KnowledgeSerializer(many=True),
        filters=False,
    )
    @action(detail=False, methods=["get"], pagination_class=None)
    def offered(self, request):
        """The entries most alike to what is being typed."""
        found = queries.knowledge_for(
            store_of(request.user),
            category=queries.category_asked(request.GET),
            text=request.GET.get("text", "")[:2000],
        )
        return Response(KnowledgeSerializer([one.entry for one in found], many=True).data)

    @extend_schema(request=None, responses=KnowledgeSerializer)
    @action(detail=True, methods=["post"])
    def use(self, request, pk=None):
        """Count that it helped."""
        entry = self.get_object()
        actions.use_knowledge(entry=entry, by=request.user, at=timezone.now())
        return self._shown(entry)

    @extend_schema(request=KnowledgeWordsSerializer, responses=KnowledgeSerializer, parameters=[IF_MATCH])
    @action(detail=True, methods=["post"])
    def rewrite(self, request, pk=None):
        """A new version; the one in force stays until the supervisor approves it."""
        said = KnowledgeWordsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        return self._done(actions.change_knowledge, **said.validated_data)

    @extend_schema(request=None, responses=KnowledgeSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request, pk=None):
        """Let the newest version hold."""
        return self._done(actions.approve_knowledge)

    @extend_schema(request=None, responses=KnowledgeSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request, pk=None):
        """Offer it to nobody any more."""
        return self._done(actions.withdraw_knowledge)

    def _done(self, act, **said) -> Response:
        entry = act(
            entry=self.get_object(), **said, by=self.request.user, at=timezone.now(),
            expected_version=self.expected_version(),
        )  # fmt: skip
        return self._shown(entry)

    def _shown(self, entry: KnowledgeEntry, code: int = status.HTTP_200_OK) -> Response:
        return Response(KnowledgeSerializer(self.queryset.all().get(pk=entry.pk)).data, status=code)


class IncidentReportSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="complaint.store.code", read_only=True)
    written_by = serializers.CharField(source="written_by.work_number", read_only=True)

    class Meta:
        model = IncidentReport
        fields = (
            "id", "store", "complaint", "number", "course", "cause", "measures", "lessons", "written_by", "written_at",
        )  # fmt: skip


class NewReportSerializer(serializers.Serializer):
    """`expected_number`: the version one has read, 0 for none; left out, the newest is added to."""

    complaint = serializers.PrimaryKeyRelatedField(queryset=Complaint.objects.none())
    course = serializers.CharField(max_length=8000)
    cause = serializers.CharField(allow_blank=True, default="", max_length=8000)
    measures = serializers.CharField(allow_blank=True, default="", max_length=8000)
    lessons = serializers.CharField(allow_blank=True, default="", max_length=8000)
    expected_number = serializers.IntegerField(allow_null=True, default=None, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["complaint"].queryset = Complaint.objects.visible_to(request.user)


class IncidentReportViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = IncidentReport.objects.select_related("complaint__store", "written_by")
    serializer_class = IncidentReportSerializer
    filterset_fields = ("complaint",)
    permissions = {
        "list": Permission.COMPLAINT_VIEW,
        "retrieve": Permission.COMPLAINT_VIEW,
        "create": Permission.INCIDENT_WRITE,
    }

    @extend_schema(request=NewReportSerializer, responses={201: IncidentReportSerializer})
    def create(self, request):
        """Keep the report of a major complaint as its next version."""
        said = NewReportSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        report = actions.write_incident_report(**said.validated_data, by=request.user, at=timezone.now())
        return Response(IncidentReportSerializer(report).data, status=status.HTTP_201_CREATED)
