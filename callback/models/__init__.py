"""Rules, call tasks, contacts, and what calls are owed for. Source: spec `callback.md`."""

from callback.models.campaigns import Campaign, CampaignMember
from callback.models.contacts import Contact
from callback.models.forecasts import Forecast
from callback.models.handovers import Handover
from callback.models.quality import CallScore, HonestyReview, WorkLog
from callback.models.referrals import Referral, ReferralTime
from callback.models.refusals import CallRefusal
from callback.models.requests import RequestActivity, RequestPart, ServiceRequest, ServiceRequestQuerySet
from callback.models.rules import Rule, ScriptText
from callback.models.samples import Sample
from callback.models.showroom import Lead, LeadTalk, ShowroomCheck, ShowroomVisit
from callback.models.tasks import CallTask, CallTaskQuerySet

__all__ = [
    "CallRefusal",
    "CallScore",
    "CallTask",
    "CallTaskQuerySet",
    "Campaign",
    "CampaignMember",
    "Contact",
    "Forecast",
    "Handover",
    "HonestyReview",
    "Lead",
    "LeadTalk",
    "Referral",
    "ReferralTime",
    "RequestActivity",
    "RequestPart",
    "Rule",
    "Sample",
    "ScriptText",
    "ServiceRequest",
    "ServiceRequestQuerySet",
    "ShowroomCheck",
    "ShowroomVisit",
    "WorkLog",
]
