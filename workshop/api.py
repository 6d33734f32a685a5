"""Work over HTTP: jobs, what the workshop does with a repair order, consumables. Source: spec `interfaces.md`."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Staff, Team
from dealer_crm.rest.serializers import StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet, ScopedViewSet
from dealer_crm.values import Refusal
from reception.models import LineShare, Operation, OperationHours, RepairOrder
from workshop import actions, queries
from workshop.actions import Assignment
from workshop.actions.locking import locked_order
from workshop.choices import InspectionLevel, InspectionResult, JobState, PauseReason
from workshop.forms import OperationFilter
from workshop.models import Bay, ConsumableIssue, Job


class JobShareSerializer(serializers.ModelSerializer):
    technician = serializers.SlugRelatedField("work_number", read_only=True)

    class Meta:
        model = LineShare
        fields = ["technician", "share"]


class JobSerializer(serializers.ModelSerializer):
    store = serializers.SlugRelatedField("code", source="order.store", read_only=True)
    order = serializers.CharField(source="order.number", read_only=True)
    plate = serializers.CharField(source="order.vehicle.plate", read_only=True)
    line = serializers.IntegerField(source="line.number", read_only=True, default=None)
    technician = serializers.SlugRelatedField("work_number", read_only=True)

    class Meta:
        model = Job
        fields = [
            "id", "store", "order", "plate", "line", "name", "standard_hours", "state", "team", "technician", "bay",
            "assigned_at", "started_at", "finished_at", "is_rework", "version",
        ]  # fmt: skip


class SplitJobSerializer(JobSerializer):
    shares = JobShareSerializer(source="line.shares", many=True, read_only=True)

    class Meta(JobSerializer.Meta):
        fields = [*JobSerializer.Meta.fields, "shares"]


class OrderOfJobsSerializer(serializers.ModelSerializer):
    """A repair order as the workshop sees it."""

    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    jobs = JobSerializer(many=True, read_only=True)

    class Meta:
        model = RepairOrder
        fields = ["id", "number", "plate", "state", "wait_reason", "promised_at", "completed_at", "jobs", "version"]


class PauseSerializer(serializers.Serializer):
    reason = serializers.ChoiceField(PauseReason.choices)


class FinishSerializer(serializers.Serializer):
    """`checklist`: point of the self-check → in order or not, null where it does not apply; for points left out the
    technician's word stands."""

    checklist = serializers.DictField(child=serializers.BooleanField(allow_null=True), required=False)


class ShareOfJobSerializer(serializers.Serializer):
    technician = StaffField()
    share = serializers.DecimalField(max_digits=5, decimal_places=4, help_text="0.25 is a quarter")


class SplitSerializer(serializers.Serializer):
    """Who did how much of the job's labour; the shares add up to 1."""

    shares = ShareOfJobSerializer(many=True)


class AssignmentSerializer(serializers.Serializer):
    line = serializers.IntegerField(required=False, allow_null=True, help_text="line number of labour")
    team = serializers.PrimaryKeyRelatedField(queryset=Team.objects.all())
    technician = StaffField(required=False, allow_null=True)
    bay = serializers.PrimaryKeyRelatedField(queryset=Bay.objects.all(), required=False, allow_null=True)
    name = serializers.CharField(required=False, max_length=120)


class DispatchSerializer(serializers.Serializer):
    """Without `jobs` the program's own proposal for every open work is taken. `confirmed`: what was refused as
    `needs_confirmation` (skills that are missing, a car that stands in the bay) has been seen."""

    jobs = AssignmentSerializer(many=True, required=False)
    confirmed = serializers.BooleanField(required=False, default=False)


class OneJobSerializer(serializers.Serializer):
    """Without `job`: the caller's own job on this car."""

    job = serializers.IntegerField(required=False)


class FinishOneSerializer(OneJobSerializer, FinishSerializer):
    pass


class InspectSerializer(serializers.Serializer):
    """Without `level`: the check whose turn it is. A failed one names its defects and who answers (work number)."""

    level = serializers.ChoiceField(InspectionLevel.choices, required=False)
    result = serializers.ChoiceField(InspectionResult.choices)
    checklist = serializers.DictField(child=serializers.BooleanField(allow_null=True), required=False)
    defects = serializers.CharField(required=False, allow_blank=True)
    responsible = StaffField(required=False, allow_null=True)


class JobViewSet(Idempotent, ReadViewSet):
    """Jobs (派工单) of the store; `mine` are the caller's own."""

    queryset = Job.objects.select_related("order__vehicle", "order__store", "line", "technician", "team", "bay")
    serializer_class = JobSerializer
    filterset_fields = ["state", "team", "technician", "order"]
    permissions = {
        "list": Permission.JOB_VIEW,
        "retrieve": Permission.JOB_VIEW,
        "mine": Permission.JOB_WORK,
        "start": Permission.JOB_WORK,
        "pause": Permission.JOB_WORK,
        "resume": Permission.JOB_WORK,
        "finish": Permission.JOB_WORK,
        "join": Permission.JOB_WORK,
        "leave": Permission.JOB_WORK,
        "split": Permission.JOB_DISPATCH,
    }

    @extend_schema(responses=JobSerializer(many=True))
    @action(detail=False, pagination_class=None, filterset_fields=[])
    def mine(self, request):
        """What the caller has before them: the running job first."""
        jobs = queries.jobs_in_hand(request.user).select_related("technician")
        return Response(JobSerializer(jobs, many=True).data)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def start(self, request, pk=None):
        return self._done(actions.start_job)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None):
        return self._done(actions.resume_job)

    @extend_schema(request=PauseSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request, pk=None):
        return self._done(actions.pause_job, **_read(PauseSerializer, request))

    @extend_schema(request=FinishSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request, pk=None):
        return self._done(actions.finish_job, **_read(FinishSerializer, request))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def join(self, request, pk=None):
        """Help: the caller's own clock runs on the job too."""
        return self._done(actions.join_job)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def leave(self, request, pk=None):
        """Stop helping."""
        return self._done(actions.leave_job)

    @extend_schema(request=SplitSerializer, responses=SplitJobSerializer)
    @action(detail=True, methods=["post"])
    def split(self, request, pk=None):
        """Say who did how much of the job's labour line."""
        job, given = self.get_object(), _read(SplitSerializer, request)["shares"]
        if job.line is None:
            raise Refusal(_("Only labour is split among technicians."), code="not_labour")
        shares = {}
        for one in given:
            shares[one["technician"]] = shares.get(one["technician"], 0) + one["share"]
        actions.split_labour(line=job.line, shares=shares, by=request.user, at=timezone.now())
        return Response(SplitJobSerializer(self.get_object()).data)

    def _done(self, deed, **fields):
        job = deed(
            job=self.get_object(), by=self.request.user, at=timezone.now(), expected_version=self.expected_version(),
            **fields,
        )  # fmt: skip
        return Response(JobSerializer(job).data)


class WorkViewSet(Idempotent, ScopedViewSet):
    """What the workshop does with a repair order; shares its address with the reception's resource."""

    queryset = RepairOrder.objects.select_related("vehicle", "store")
    serializer_class = OrderOfJobsSerializer
    permissions = {
        "dispatch_work": Permission.JOB_DISPATCH,
        "start": Permission.JOB_WORK,
        "finish": Permission.JOB_WORK,
        "inspect": Permission.INSPECTION_CREATE,
    }

    @extend_schema(request=DispatchSerializer, responses=OrderOfJobsSerializer)
    @action(detail=True, methods=["post"], url_path="dispatch")
    def dispatch_work(self, request, pk=None):
        """Give the open works of the order to teams and technicians (派工)."""
        order, at = self.get_object(), timezone.now()
        asked = _read(DispatchSerializer, request)
        chosen = asked.get("jobs")
        assignments = _assignments(order, chosen) if chosen else _proposed(request.user, order, at)
        actions.dispatch_order(
            order=order, assignments=assignments, confirmed=asked["confirmed"], by=request.user, at=at,
            expected_version=self.expected_version(),
        )  # fmt: skip
        return self._shown(order)

    @extend_schema(request=OneJobSerializer, responses=OrderOfJobsSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request, pk=None):
        """Begin, or go on with, the caller's job on this car."""
        order, at = self.get_object(), timezone.now()
        job = self._job(order, _read(OneJobSerializer, request), JobState.ASSIGNED, JobState.PAUSED)
        deed = actions.resume_job if job.state == JobState.PAUSED else actions.start_job
        with transaction.atomic():
            locked_order(order=order, expected_version=self.expected_version())
            deed(job=job, by=request.user, at=at)
        return self._shown(order)

    @extend_schema(request=FinishOneSerializer, responses=OrderOfJobsSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request, pk=None):
        """Finish the caller's job on this car; after the last one it goes to inspection."""
        order, at = self.get_object(), timezone.now()
        asked = _read(FinishOneSerializer, request)
        job = self._job(order, asked, JobState.RUNNING, JobState.PAUSED, JobState.ASSIGNED)
        with transaction.atomic():
            locked_order(order=order, expected_version=self.expected_version())
            actions.finish_job(job=job, checklist=asked.get("checklist"), by=request.user, at=at)
        return self._shown(order)

    @extend_schema(request=InspectSerializer, responses=OrderOfJobsSerializer)
    @action(detail=True, methods=["post"])
    def inspect(self, request, pk=None):
        """Record a check; the last one its type demands makes the car ready (竣工)."""
        order, at = self.get_object(), timezone.now()
        asked = _read(InspectSerializer, request)
        due = queries.levels_due_of(order)
        asked.setdefault("level", due[0] if due else InspectionLevel.FINAL)
        actions.inspect_order(order=order, by=request.user, at=at, expected_version=self.expected_version(), **asked)
        return self._shown(order)

    def _job(self, order: RepairOrder, asked: dict, *states: str) -> Job:
        """The job that is named, else the caller's own, else one of the team that nobody has taken."""
        jobs = order.jobs.select_related("order__store", "order__vehicle", "technician", "team")
        if number := asked.get("job"):
            job = jobs.filter(pk=number).first()
        else:
            own = jobs.filter(state__in=states, technician=self.request.user).order_by("state", "id")
            free = queries.jobs_of_team(self.request.user, timezone.now()).filter(order=order)
            job = sorted(own, key=lambda one: states.index(one.state))[:1] or list(free[:1])
            job = job[0] if job else None
        if job is None:
            raise Refusal(_("You have no work on this car."), code="no_job")
        return job

    def _shown(self, order: RepairOrder):
        jobs = queries.jobs_of_order(order).select_related("order__vehicle", "order__store", "line", "technician")
        order = RepairOrder.objects.select_related("vehicle").get(pk=order.pk)
        order._prefetched_objects_cache = {"jobs": jobs}
        return Response(OrderOfJobsSerializer(order).data)


class ConsumableSerializer(serializers.ModelSerializer):
    store = serializers.SlugRelatedField("code", read_only=True)
    issued_to = StaffField(required=False, allow_null=True)
    late_reason = serializers.CharField(
        write_only=True, required=False, max_length=200, help_text="Why it comes late, of a month whose pay is locked."
    )

    class Meta:
        model = ConsumableIssue
        fields = ["id", "store", "number", "team", "issued_on", "name", "quantity", "amount", "issued_to",
                  "late_reason"]  # fmt: skip
        read_only_fields = ["number"]


class ConsumableViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    """Shop supplies signed out by teams (辅料领用)."""

    queryset = ConsumableIssue.objects.select_related("store", "team", "issued_to")
    serializer_class = ConsumableSerializer
    filterset_fields = ["team", "issued_on"]
    permissions = dict.fromkeys(["list", "retrieve", "create"], Permission.CONSUMABLE_CHANGE)

    def create(self, request):
        asked = _read(ConsumableSerializer, request)
        if asked["team"].store_id != request.user.store_id:
            raise Refusal(_("Team %(team)s belongs to another store.") % {"team": asked["team"]}, field="team")
        issue = actions.issue_consumables(by=request.user, at=timezone.now(), **asked)
        return Response(ConsumableSerializer(issue).data, status=status.HTTP_201_CREATED)


def _read(serializer_class, request) -> dict:
    asked = serializer_class(data=request.data, context={"request": request})
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def _assignments(order: RepairOrder, chosen: list[dict]) -> list[Assignment]:
    lines = {line.number: line for line in order.lines.all()}
    found = []
    for one in chosen:
        number = one.pop("line", None)
        if number is not None and number not in lines:
            raise Refusal(
                _("Order %(order)s has no line %(line)s.") % {"order": order.number, "line": number}, field="line"
            )
        found.append(Assignment(line=lines.get(number), **one))
    return found


def _proposed(staff: Staff, order: RepairOrder, at) -> list[Assignment]:
    """What the program would do, for every work that somebody fits."""
    queued = queries.dispatch_queue(staff, at, order=order)
    works = [work for one in queued for work in one.works if work.proposal]
    teams = Team.objects.in_bulk([work.proposal.team for work in works])
    people = Staff.objects.in_bulk([work.proposal.technician for work in works if work.proposal.technician])
    places = Bay.objects.in_bulk([work.proposal.bay for work in works if work.proposal.bay])
    return [
        Assignment(
            line=work.line,
            team=teams[work.proposal.team],
            technician=people.get(work.proposal.technician),
            bay=places.get(work.proposal.bay),
            name=work.name,
        )
        for work in works
    ]


class OperationHoursSerializer(serializers.ModelSerializer):
    """`family` empty: for every model family without a row of its own."""

    class Meta:
        model = OperationHours
        fields = ["family", "standard_hours"]


class OperationSerializer(serializers.ModelSerializer):
    store = serializers.SlugRelatedField("code", read_only=True)
    hours = OperationHoursSerializer(many=True, read_only=True)

    class Meta:
        model = Operation
        fields = ["id", "store", "code", "name", "skill", "price", "duration_hours", "is_active", "hours", "version"]


class OperationViewSet(ReadViewSet):
    """The operations catalogue (工时定额); `q`, `skill`, `is_active`, `store` filter."""

    queryset = Operation.objects.select_related("store").prefetch_related("hours").order_by("pk")
    serializer_class = OperationSerializer
    filterset_class = OperationFilter
    permissions = dict.fromkeys(["list", "retrieve"], Permission.ORDER_VIEW)


routes = [
    ("jobs", JobViewSet, "job"),
    ("repair-orders", WorkViewSet, "repair-order-work"),
    ("consumables", ConsumableViewSet, "consumable"),
    ("operations", OperationViewSet, "operation"),
]
