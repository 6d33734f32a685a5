"""Campaigns, the customers they mean, and what came of them, over HTTP."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from callback import actions, queries
from callback.choices import MEMBER_WORDS, CampaignState, Occasion
from callback.models import Campaign, CampaignMember
from dealer_crm.access.permissions import Permission
from dealer_crm.organization.queries import store_of
from dealer_crm.rest.viewsets import Idempotent, ReadViewSet
from reception.choices import Channel
from reception.models import Segment


class CampaignSerializer(serializers.ModelSerializer):
    store = serializers.CharField(source="store.code", read_only=True)
    made_by = serializers.CharField(source="made_by.work_number", default=None, read_only=True)

    class Meta:
        model = Campaign
        fields = (
            "id", "store", "name", "occasion", "segment", "channel", "words", "first_day", "last_day", "goal", "cost",
            "state", "started_at", "strengths", "to_improve", "made_by", "made_at", "version",
        )  # fmt: skip


class NewCampaignSerializer(serializers.Serializer):
    """A draft: nobody is called before somebody starts it."""

    name = serializers.CharField(max_length=60)
    occasion = serializers.ChoiceField(choices=Occasion.choices)
    segment = serializers.PrimaryKeyRelatedField(queryset=Segment.objects.none())
    channel = serializers.ChoiceField(choices=[Channel.PHONE, Channel.SMS], default=Channel.PHONE)
    words = serializers.CharField(max_length=300)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    goal = serializers.IntegerField(min_value=1)
    cost = serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, default=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if request := self.context.get("request"):
            self.fields["segment"].queryset = Segment.objects.visible_to(request.user)


class CampaignEffectSerializer(serializers.Serializer):
    """Customers by what came of the campaign; `came`: their car came in the period after the start, `came_reached` of
    them after a call or text, `came_uncalled` before anybody had called. Rates lie between 0 and 1, money is CNY."""

    members = serializers.IntegerField()
    reached = serializers.IntegerField()
    unreached = serializers.IntegerField()
    left_out = serializers.IntegerField()
    waiting = serializers.IntegerField()
    came = serializers.IntegerField()
    came_reached = serializers.IntegerField()
    came_uncalled = serializers.IntegerField()
    revenue = serializers.DecimalField(max_digits=14, decimal_places=2)
    cost = serializers.DecimalField(max_digits=14, decimal_places=2)
    goal = serializers.IntegerField()
    goal_rate = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)


class CampaignFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=CampaignState.choices)
    running_on = django_filters.DateFilter(method="of_day", help_text="campaigns whose period holds this day")

    class Meta:
        model = Campaign
        fields = ("occasion",)

    def of_day(self, rows: QuerySet, _name: str, day) -> QuerySet:
        return rows.filter(first_day__lte=day, last_day__gte=day)


class CampaignViewSet(Idempotent, mixins.CreateModelMixin, ReadViewSet):
    queryset = Campaign.objects.select_related("store", "made_by")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    permissions = {
        "list": Permission.CALL_VIEW,
        "retrieve": Permission.CALL_VIEW,
        "effect": Permission.CALL_VIEW,
        "create": Permission.SEGMENT_CHANGE,
    }

    @extend_schema(request=NewCampaignSerializer, responses={201: CampaignSerializer})
    def create(self, request):
        """Prepare a campaign."""
        said = NewCampaignSerializer(data=request.data, context={"request": request})
        said.is_valid(raise_exception=True)
        made = actions.prepare_campaign(
            store=store_of(request.user), **said.validated_data, by=request.user, at=timezone.now()
        )
        return Response(CampaignSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses=CampaignEffectSerializer)
    @action(detail=True, methods=["get"])
    def effect(self, request, pk=None):
        """What came of it, as it stands now; of a draft all counts are 0."""
        return Response(CampaignEffectSerializer(queries.campaign_effect(self.get_object())).data)


class CampaignMemberSerializer(serializers.ModelSerializer):
    """`call_state`: how its owed call stands, null before there is one. `has_come`: the car came in the period."""

    store = serializers.CharField(source="campaign.store.code", read_only=True)
    customer_name = serializers.CharField(source="customer.name", read_only=True)
    call_state = serializers.CharField(read_only=True, allow_null=True)
    has_come = serializers.BooleanField(read_only=True)

    class Meta:
        model = CampaignMember
        fields = ("id", "store", "campaign", "customer", "customer_name", "call_state", "has_come")


class CampaignMemberFilter(django_filters.FilterSet):
    view = django_filters.ChoiceFilter(
        choices=list(MEMBER_WORDS.items()), method="counted", help_text="those a figure of the campaign's effect counts"
    )

    class Meta:
        model = CampaignMember
        fields = ("campaign", "customer")

    def counted(self, rows: QuerySet, _name: str, view: str) -> QuerySet:
        return rows.filter(queries.MEMBER_VIEWS[view])


class CampaignMemberViewSet(ReadViewSet):
    """Whom a campaign meant when it was started."""

    queryset = CampaignMember.objects.all()
    serializer_class = CampaignMemberSerializer
    filterset_class = CampaignMemberFilter
    permissions = {"list": Permission.CALL_VIEW, "retrieve": Permission.CALL_VIEW}

    def rows(self):
        return queries.members_with_outcome()
