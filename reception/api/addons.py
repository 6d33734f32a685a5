"""Add-ons over HTTP, nested under their order: `repair-orders/{id}/add-ons/`. Source: spec `interfaces.md`."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from dealer_crm.access.permissions import Permission
from dealer_crm.organization.models import Team
from dealer_crm.rest.serializers import ReasonSerializer, StaffField
from dealer_crm.rest.viewsets import IF_MATCH
from reception import actions, queries
from reception.actions import LineDraft
from reception.api.fields import VisibleField, money_field
from reception.choices import AddOnState, AnswerWay, LineKind, Payer, Urgency
from reception.models import AddOn, AddOnLine

_NUMBER = OpenApiParameter("number", int, "path", description="number of the add-on on its order")


class AddOnLineSerializer(serializers.ModelSerializer):
    seller = StaffField(read_only=True)

    class Meta:
        model = AddOnLine
        fields = [
            "kind", "code", "name", "quantity", "unit_price", "discount_rate", "payable_amount", "payer", "team",
            "seller", "is_installed", "installation_team", "price_basis",
        ]  # fmt: skip


class AddOnSerializer(serializers.ModelSerializer):
    lines = AddOnLineSerializer(many=True, read_only=True)
    proposed_by = StaffField(read_only=True)
    recorded_by = StaffField(read_only=True)
    promised_at = serializers.DateTimeField(source="promise.promised_at", read_only=True, default=None)

    class Meta:
        model = AddOn
        fields = [
            "number", "reason", "urgency", "state", "proposed_by", "proposed_at", "wanted_promise_at", "answered_by",
            "answer_way", "answered_at", "answer_note", "recorded_by", "promised_at", "lines", "version",
        ]  # fmt: skip


class ProposedLineSerializer(serializers.Serializer):
    """A line as wanted. `discount_rate` 0.2 is 20 % off."""

    kind = serializers.ChoiceField(LineKind.choices)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120)
    quantity = serializers.DecimalField(max_digits=10, decimal_places=2)
    unit_price = money_field()
    discount_rate = serializers.DecimalField(max_digits=6, decimal_places=4, required=False)
    payer = serializers.ChoiceField(Payer.choices, required=False)
    team = VisibleField(queryset=Team.objects.all(), required=False, allow_null=True)
    seller = StaffField(required=False, allow_null=True)
    is_installed = serializers.BooleanField(required=False)
    installation_team = VisibleField(queryset=Team.objects.all(), required=False, allow_null=True)


class ProposalSerializer(serializers.Serializer):
    """What was found. `lines` may come later (`PATCH`); without them the customer can't agree."""

    reason = serializers.CharField(max_length=200)
    urgency = serializers.ChoiceField(Urgency.choices, required=False)
    wanted_promise_at = serializers.DateTimeField(required=False, allow_null=True)
    lines = ProposedLineSerializer(many=True, required=False)


class AnswerSerializer(serializers.Serializer):
    """What the customer said. `promised_at` moves the promise (agreed); `is_suggested`, `follow_up_on`: keep it as a
    repair suggestion (declined; true unless said otherwise)."""

    answer = serializers.ChoiceField([AddOnState.AGREED.value, AddOnState.DECLINED.value])
    answered_by = serializers.CharField(max_length=80)
    way = serializers.ChoiceField(AnswerWay.choices)
    answered_at = serializers.DateTimeField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)
    promised_at = serializers.DateTimeField(required=False, allow_null=True)
    is_suggested = serializers.BooleanField(required=False)
    follow_up_on = serializers.DateField(required=False, allow_null=True)


# What only one of the two answers takes.
_OF_AGREEING, _OF_DECLINING = ("promised_at",), ("is_suggested", "follow_up_on")


class AddOnActions:
    """Mixin of the order's viewset."""

    add_on_permissions = {
        "add_ons": Permission.ORDER_VIEW,
        "propose_add_on": Permission.ADD_ON_PROPOSE,
        "add_on": Permission.ORDER_VIEW,
        "change_add_on": Permission.ADD_ON_PROPOSE,
        "answer_add_on": Permission.ADD_ON_ANSWER,
        "withdraw_add_on": Permission.ADD_ON_PROPOSE,
    }

    @extend_schema(responses=AddOnSerializer(many=True), filters=False)
    @action(detail=True, methods=["get"], url_path="add-ons", pagination_class=None)
    def add_ons(self, request, pk=None):
        """What was found beyond the order, and what the customer said to it."""
        order = queries.with_findings(self.get_object())
        return Response(AddOnSerializer(order.add_ons.all(), many=True).data)

    @extend_schema(request=ProposalSerializer, responses={201: AddOnSerializer})
    @add_ons.mapping.post
    def propose_add_on(self, request, pk=None):
        """Propose more work; nothing on the order changes before the customer's answer."""
        order = self._own()
        said = _with_drafts(self._read(ProposalSerializer))
        add_on = actions.propose_add_on(order=order, **self._who(), **said)
        return self._add_on_shown(add_on, status.HTTP_201_CREATED)

    @extend_schema(responses=AddOnSerializer, parameters=[_NUMBER])
    @action(detail=True, methods=["get"], url_path=r"add-ons/(?P<number>\d+)")
    def add_on(self, request, pk=None, number=None):
        return self._add_on_shown(get_object_or_404(self.get_object().add_ons, number=number))

    @extend_schema(request=ProposalSerializer(partial=True), responses=AddOnSerializer, parameters=[_NUMBER, IF_MATCH])
    @add_on.mapping.patch
    def change_add_on(self, request, pk=None, number=None):
        """Change a proposal that is not answered; its version is that of the add-on."""
        add_on = self._own_add_on(number)
        said = _with_drafts(self._read(ProposalSerializer, partial=True))
        return self._add_on_shown(
            actions.change_add_on(add_on=add_on, expected_version=self.expected_version(), **self._who(), **said)
        )

    @extend_schema(request=AnswerSerializer, responses=AddOnSerializer, parameters=[_NUMBER])
    @action(detail=True, methods=["post"], url_path=r"add-ons/(?P<number>\d+)/answer")
    def answer_add_on(self, request, pk=None, number=None):
        """Record the customer's answer: agreed lines join the order, a declined add-on becomes a suggestion."""
        add_on = self._own_add_on(number)
        said = self._read(AnswerSerializer)
        agrees = said.pop("answer") == AddOnState.AGREED
        for name in _OF_DECLINING if agrees else _OF_AGREEING:
            said.pop(name, None)
        deed = actions.agree_to_add_on if agrees else actions.decline_add_on
        return self._add_on_shown(deed(add_on=add_on, expected_version=self.expected_version(), **self._who(), **said))

    @extend_schema(request=ReasonSerializer, responses=AddOnSerializer, parameters=[_NUMBER])
    @action(detail=True, methods=["post"], url_path=r"add-ons/(?P<number>\d+)/withdraw")
    def withdraw_add_on(self, request, pk=None, number=None):
        add_on = self._own_add_on(number)
        said = self._read(ReasonSerializer)
        return self._add_on_shown(
            actions.withdraw_add_on(add_on=add_on, expected_version=self.expected_version(), **self._who(), **said)
        )

    def _own_add_on(self, number) -> AddOn:
        add_on = get_object_or_404(
            queries.add_ons_visible_to(self.request.user), order=self.kwargs["pk"], number=number
        )
        if not queries.may_change(add_on.order, self.request.user):
            raise PermissionDenied
        return add_on

    def _add_on_shown(self, add_on: AddOn, code=status.HTTP_200_OK) -> Response:
        shown = queries.add_ons_visible_to(self.request.user).prefetch_related("lines__seller").get(pk=add_on.pk)
        return Response(AddOnSerializer(shown).data, status=code)


def _with_drafts(said: dict) -> dict:
    """What was said, its lines as drafts."""
    if "lines" in said:
        said["lines"] = [LineDraft(**line) for line in said["lines"]]
    return said
