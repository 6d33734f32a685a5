"""`/api/v1/reports`: the reports there are, ordering one, following its making, taking the file.

Source: spec `interfaces.md` (HTTP API). A report needs its own permission on top of `REPORT_VIEW`; one that a person
may not read is not there for them.
"""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.reverse import reverse

from dealer_crm.access.permissions import Permission
from dealer_crm.later import later
from dealer_crm.organization.queries import store_of, stores_visible_to
from dealer_crm.reporting import actions, queries
from dealer_crm.reporting.choices import ReportState
from dealer_crm.reporting.models import KeptReport
from dealer_crm.reporting.progress import progress_of
from dealer_crm.reporting.registry import RegisteredReport, report_named, reports_for
from dealer_crm.reporting.tasks import make_report
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from dealer_crm.values import Refusal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WorkbookRenderer(JSONRenderer):
    """Lets a caller ask for a workbook by `Accept`. The file itself is streamed; only problems are rendered here."""

    media_type = XLSX
    format = "xlsx"


class KindSerializer(serializers.Serializer):
    """A report there is: its code is the beginning of the file's name."""

    code = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    editions = serializers.ListField(child=serializers.CharField(), help_text="made by themselves in the month after")


class KeptReportSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code")
    made_by = serializers.CharField(source="made_by.work_number", default=None)
    title = serializers.SerializerMethodField()
    percent = serializers.SerializerMethodField(help_text="how far its making has come; null once that is over")
    file = serializers.SerializerMethodField(help_text="address of the workbook; null until it is made")

    class Meta:
        model = KeptReport
        fields = ["id", "code", "title", "store", "period", "edition", "state", "failure", "percent", "owed_at",
                  "inputs_at", "made_at", "made_by", "file_name", "file"]  # fmt: skip

    def get_title(self, kept) -> str:
        return str(report_named(kept.code).title)

    def get_percent(self, kept) -> int | None:
        found = progress_of(queries.progress_key(kept.pk)) if kept.state == ReportState.OWED else None
        return found.percent if found else None

    def get_file(self, kept) -> str | None:
        if kept.state != ReportState.MADE:
            return None
        return reverse("report-file", args=[kept.pk], request=self.context["request"])


class OrderSerializer(serializers.Serializer):
    """The report of a store's month (of some: week `2026-W43`, quarter `2026-Q4`); without `store` of one's own."""

    code = serializers.CharField(max_length=40)
    period = serializers.CharField(max_length=10, help_text="2026-10")
    store = serializers.CharField(max_length=20, required=False)


class ReportViewSet(Idempotent, ReadViewSet):
    queryset = KeptReport.objects.select_related("store", "made_by").without_file()
    serializer_class = KeptReportSerializer
    filterset_fields = ["code", "period", "edition", "state"]
    permissions = {
        "list": Permission.REPORT_VIEW,
        "retrieve": Permission.REPORT_VIEW,
        "create": Permission.REPORT_VIEW,
        "kinds": Permission.REPORT_VIEW,
        "file": Permission.REPORT_VIEW,
        "again": Permission.REPORT_VIEW,
    }

    def rows(self):
        return queries.kept_reports_for(self.request.user)

    @extend_schema(responses=KindSerializer(many=True), filters=False)
    @action(detail=False, methods=["get"], pagination_class=None)
    def kinds(self, request):
        """The reports one may read."""
        rows = [
            {
                "code": report.code,
                "title": str(report.title),
                "description": str(report.description),
                "editions": [edition.code for edition in report.editions],
            }
            for report in reports_for(request.user)
        ]
        return Response(KindSerializer(rows, many=True).data)

    @extend_schema(request=OrderSerializer, responses={202: KeptReportSerializer})
    def create(self, request):
        """Order a report as the figures stand now; it is made behind the answer, `state` and `file` say when."""
        asked = OrderSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        registered = report_named(asked.validated_data["code"])
        if registered is None:
            raise Http404
        if not request.user.can(registered.permission):
            raise PermissionDenied
        at = timezone.now()
        kept = actions.owe_report(
            code=registered.code,
            store=self._store(asked.validated_data.get("store")),
            period=self._period(registered, asked.validated_data["period"]),
            edition=f"{timezone.localtime(at):%Y%m%d-%H%M%S}",
            by=request.user,
            at=at,
        )
        later(make_report, kept.pk)
        return self._shown(kept, status.HTTP_202_ACCEPTED)

    @extend_schema(responses={(200, XLSX): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, WorkbookRenderer])
    def file(self, request, pk=None):
        """The workbook. Every file that leaves is in the journal."""
        kept = self.get_object()
        if kept.state != ReportState.MADE:
            raise Http404
        actions.record_export(subject=kept, title=kept.file_name, form="xlsx", by=request.user, at=timezone.now())
        return FileResponse(io.BytesIO(kept.content), as_attachment=True, filename=kept.file_name, content_type=XLSX)

    @extend_schema(request=None, responses={202: KeptReportSerializer})
    @action(detail=True, methods=["post"])
    def again(self, request, pk=None):
        """Try once more what could not be made."""
        kept = actions.owe_again(kept=self.get_object(), by=request.user, at=timezone.now())
        later(make_report, kept.pk)
        return self._shown(kept, status.HTTP_202_ACCEPTED)

    def _period(self, registered: RegisteredReport, written: str):
        try:
            return queries.period_written(registered.kind, written)
        except Refusal as refusal:
            raise serializers.ValidationError({"period": [str(refusal)]}) from refusal

    def _store(self, code: str | None):
        if not code:
            return store_of(self.request.user)
        return get_object_or_404(stores_visible_to(self.request.user), code=code.strip().upper())

    def _shown(self, kept: KeptReport, code: int) -> Response:
        return Response(KeptReportSerializer(kept, context=self.get_serializer_context()).data, status=code)


routes = [("reports", ReportViewSet, "report")]
