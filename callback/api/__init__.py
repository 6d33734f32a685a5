"""The call centre and the showroom over HTTP, a module for each noun. Source: spec `interfaces.md` (HTTP API)."""

from callback.api.calls import CallTaskViewSet, ContactViewSet
from callback.api.campaigns import CampaignMemberViewSet, CampaignViewSet
from callback.api.referrals import ReferralViewSet
from callback.api.requests import ServiceRequestViewSet
from callback.api.showroom import HandoverViewSet, LeadViewSet

routes = [
    ("callbacks", CallTaskViewSet, "callback"),
    ("contacts", ContactViewSet, "contact"),
    ("referrals", ReferralViewSet, "referral"),
    ("service-requests", ServiceRequestViewSet, "service-request"),
    ("handovers", HandoverViewSet, "handover"),
    ("leads", LeadViewSet, "lead"),
    ("campaigns", CampaignViewSet, "campaign"),
    ("campaign-members", CampaignMemberViewSet, "campaign-member"),
]
