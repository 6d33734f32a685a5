"""Repair suggestions over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.rest.serializers import ReasonSerializer, StaffField
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception import actions, queries
from reception.api.fields import VisibleField, Writing, money_field
from reception.choices import Urgency
from reception.forms import SuggestionFilter
from reception.models import RepairOrder, Suggestion, Vehicle


class SuggestionSerializer(serializers.ModelSerializer):
    store = serializers.SlugRelatedField("code", read_only=True)
    plate = serializers.CharField(source="vehicle.plate", read_only=True)
    made_by = StaffField(read_only=True)
    ended_by = StaffField(read_only=True)

    class Meta:
        model = Suggestion
        fields = [
            "id", "store", "vehicle", "plate", "order", "name", "reason", "urgency", "quoted_amount", "follow_up_on",
            "state", "made_by", "made_at", "ended_at", "ended_by", "done_in", "decline_reason",
        ]  # fmt: skip


class SuggestionChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    reason = serializers.CharField(max_length=200)
    urgency = serializers.ChoiceField(Urgency.choices)
    quoted_amount = money_field(required=False, allow_null=True, min_value=0)
    follow_up_on = serializers.DateField(required=False, allow_null=True)


class NewSuggestionSerializer(SuggestionChangeSerializer):
    """Without `follow_up_on` the day follows from the urgency. `order`: the visit on which it was found."""

    vehicle = VisibleField(queryset=Vehicle.objects.all())
    order = VisibleField(queryset=RepairOrder.objects.all(), required=False, allow_null=True)


class InOrderSerializer(serializers.Serializer):
    order = VisibleField(queryset=RepairOrder.objects.all())


class SuggestionViewSet(Idempotent, Writing, ReadViewSet):
    """What should be done to cars and was not; `vehicle`, `state`, `urgency`, `follow_up_to`, `store` filter."""

    queryset = Suggestion.objects.all()
    serializer_class = SuggestionSerializer
    filterset_class = SuggestionFilter
    permissions = {
        "list": Permission.VEHICLE_VIEW,
        "retrieve": Permission.VEHICLE_VIEW,
        "create": Permission.SUGGESTION_CHANGE,
        "partial_update": Permission.SUGGESTION_CHANGE,
        "take_up": Permission.ORDER_CHANGE,
        "done": Permission.SUGGESTION_CHANGE,
        "decline": Permission.SUGGESTION_CHANGE,
        "reopen": Permission.SUGGESTION_CHANGE,
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset.none()
        return queries.suggestions_visible_to(self.request.user)

    @extend_schema(request=NewSuggestionSerializer, responses={201: SuggestionSerializer})
    def create(self, request):
        said = self._read(NewSuggestionSerializer)
        if said.get("order"):
            self._refuse_foreign(said["order"])
        suggestion = actions.suggest(store=self._store(), **self._who(), **said)
        return self._shown(suggestion.pk, status.HTTP_201_CREATED)

    @extend_schema(request=SuggestionChangeSerializer(partial=True))
    def partial_update(self, request, pk=None):
        """Mend an open suggestion, or put off its follow-up."""
        suggestion = self.get_object()
        fields = ("name", "reason", "urgency", "quoted_amount", "follow_up_on")
        known = {name: getattr(suggestion, name) for name in fields}
        said = {**known, **self._read(SuggestionChangeSerializer, partial=True)}
        actions.change_suggestion(suggestion=suggestion, **self._who(), **said)
        return self._shown(suggestion.pk)

    @extend_schema(request=InOrderSerializer)
    @action(detail=True, methods=["post"], url_path="take-up")
    def take_up(self, request, pk=None):
        """Do it on a visit that is open: its work becomes lines of the order."""
        return self._in_order(actions.take_up_suggestion)

    @extend_schema(request=InOrderSerializer)
    @action(detail=True, methods=["post"])
    def done(self, request, pk=None):
        """Note in which order it was done."""
        return self._in_order(actions.finish_suggestion)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request, pk=None):
        return self._done(actions.decline_suggestion, **self._read(ReasonSerializer))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk=None):
        return self._done(actions.reopen_suggestion)

    def _in_order(self, deed) -> Response:
        said = self._read(InOrderSerializer)
        self._refuse_foreign(said["order"])
        return self._done(deed, **said)

    def _done(self, deed, **said) -> Response:
        suggestion = self.get_object()
        deed(suggestion=suggestion, **self._who(), **said)
        return self._shown(suggestion.pk)

    def _refuse_foreign(self, order) -> None:
        if not queries.may_change(order, self.request.user):
            self.permission_denied(self.request)


routes = [("suggestions", SuggestionViewSet, "suggestion")]
