"""Whether an order was handed over on time, defined once. Source: spec `kpi.md`, "on-time delivery"."""

from django.db.models import Case, F, When

from reception.choices import DelayCause

# Late if the customer said so; else a delay the customer caused and confirmed is on time; else the clock decides.
ON_TIME = Case(
    When(late_by_customer=True, then=False),
    When(delay_cause=DelayCause.CUSTOMER, delay_confirmed=True, then=True),
    When(delivered_at__lte=F("promised_at"), then=True),
    default=False,
)
