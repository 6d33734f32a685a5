"""Dated figures of the callback centre. Source: spec `callback.md`."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from callback.choices import LeadLevel, QualityPoint, RequestKind
from dealer_crm.values import Figure

MAKE_UP_DAYS = Figure(
    "callback.make_up_days", 30, _("Older events no longer make a call"), _("days"), "callback.md, which calls are owed"
)
TRIES = Figure("callback.tries", 3, _("Calls before a text message"), _("calls"), "callback.md, retry plan")
CLAIM_MINUTES = Figure(
    "callback.claim_minutes",
    15,
    _("A taken call lapses without activity after"),
    _("minutes"),
    "callback.md, the daily queue",
)
PERSONAL_MINUTES = Figure(
    "callback.personal_minutes", 30, _("A missed personal call-back becomes everyone's after"), _("minutes"),
    "callback.md, the daily queue",
)  # fmt: skip
GAP_DAYS = Figure(
    "callback.gap_days", 7, _("Days between a talk and the next reminder"), _("days"), "callback.md, contact rules"
)
CALLS_FROM = Figure("callback.calls_from", "09:00", _("Calls begin at"), "", "callback.md, quiet hours")
CALLS_UNTIL = Figure("callback.calls_until", "20:00", _("Calls end at"), "", "callback.md, quiet hours")
REST_FROM = Figure("callback.rest_from", "12:00", _("Noon rest from"), "", "callback.md, quiet hours")
REST_UNTIL = Figure("callback.rest_until", "13:30", _("Noon rest until"), "", "callback.md, quiet hours")
REFERRAL_HOURS = Figure(
    "callback.referral_hours", 2, _("A department answers a customer's question within"), _("hours"),
    "callback.md, referrals",
)  # fmt: skip
REQUEST_MINUTES = {
    kind: Figure(f"callback.request_{kind}", minutes, label, _("minutes"), "callback.md, service requests")
    for kind, minutes, label in (
        (RequestKind.RESCUE, 30, _("First answer to a service request: rescue")),
        (RequestKind.PICK_UP, 60, _("First answer to a service request: pick-up and delivery")),
        (RequestKind.ENQUIRY, 120, _("First answer to a service request: enquiry")),
        (RequestKind.PARTS, 240, _("First answer to a service request: parts order")),
        (RequestKind.INVOICE, 240, _("First answer to a service request: invoice")),
        (RequestKind.LOAN_CAR, 120, _("First answer to a service request: courtesy car")),
        (RequestKind.OTHER, 240, _("First answer to a service request: other")),
    )
}
REQUEST_WARNING_MINUTES = Figure(
    "callback.request_warning_minutes", 15, _("Warning before the answer to a service request is late"), _("minutes"),
    "callback.md, service requests",
)  # fmt: skip
WEEKLY_SAMPLE = Figure(
    "callback.weekly_sample", 5, _("Customers of each brand in the weekly sample"), _("customers"),
    "callback.md, weekly_sample",
)  # fmt: skip
MONTHLY_SURVEY = Figure(
    "callback.monthly_survey", 60, _("Customers of the monthly survey (0: all visitors)"), _("customers"),
    "callback.md, monthly_survey",
)  # fmt: skip
SPOT_CHECK_RATE = Figure(
    "callback.spot_check_rate", Decimal("0.3"), _("Share of finished calls that are re-checked"), "",
    "callback.md, spot_check",
)  # fmt: skip
FIRST_SERVICE_MONTHS = Figure(
    "callback.first_service_months", 6, _("The first service is free for (months)"), _("months"),
    "callback.md, first_service",
)  # fmt: skip
USUAL_KM_A_DAY = Figure(
    "callback.usual_km_a_day", 40, _("Kilometres a day of a car without a history"), _("km"),
    "callback.md, maintenance",
)  # fmt: skip
DORMANT_BATCH = Figure(
    "callback.dormant_batch", 50, _("Win-back calls a month"), _("calls"), "callback.md, dormant"
)  # fmt: skip
RECORD_FACT_POINTS = Figure(
    "callback.record_fact_points", 10, _("A fact missing in a contact record costs"), _("points"),
    "callback.md, contact records",
)  # fmt: skip
QUALITY_SAMPLE = Figure(
    "callback.quality_sample", 5, _("Calls judged per agent and week"), _("calls"), "callback.md, call quality scoring"
)
QUALITY_WEIGHTS = {
    point: Figure(f"callback.quality_{point}", weight, label, _("weight"), "callback.md, call quality scoring")
    for point, weight, label in (
        (QualityPoint.OPENING, 10, _("Call quality: opening")),
        (QualityPoint.WORDING, 20, _("Call quality: wording")),
        (QualityPoint.LISTENING, 20, _("Call quality: listening")),
        (QualityPoint.HANDLING, 25, _("Call quality: handling")),
        (QualityPoint.CLOSING, 10, _("Call quality: closing")),
        (QualityPoint.RECORD, 15, _("Call quality: record")),
    )
}
HONESTY_SECONDS = Figure(
    "callback.honesty_seconds", 30, _("A completed call shorter than this is listed"), _("seconds"),
    "callback.md, honesty ledger",
)  # fmt: skip
HONESTY_ORDERS = Figure(
    "callback.honesty_orders", 3, _("One phone on so many orders of several customers is listed"), _("orders"),
    "callback.md, honesty ledger",
)  # fmt: skip
HONESTY_UNREACHED = Figure(
    "callback.honesty_unreached", 20, _("Unreachable customers of an advisor are listed from"), "%",
    "callback.md, honesty ledger",
)  # fmt: skip
FOLLOW_UP_DAYS = {
    level: Figure(f"callback.follow_up_{level.lower()}", days, label, _("days"), "callback.md, showroom")
    for level, days, label in (
        (LeadLevel.H, 2, _("A lead of level H is contacted within")),
        (LeadLevel.A, 4, _("A lead of level A is contacted within")),
        (LeadLevel.B, 7, _("A lead of level B is contacted within")),
        (LeadLevel.C, 15, _("A lead of level C is contacted within")),
    )
}
