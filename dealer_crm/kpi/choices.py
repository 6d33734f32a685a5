from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Measure(models.TextChoices):
    """What a target is set for (指标). The code is that of the catalogue (`queries.measures`), where it is counted."""

    OUTPUT = "output", _("Output")  # 产值
    CAR_COUNT = "car_count", _("Cars received")  # 接车台次
    ACCESSORY_SALES = "accessory_sales", _("Accessory sales")  # 精品销售
    MARGIN = "margin", _("Gross margin")  # 毛利
    # Rates and points: of the whole store, at least or at most as the catalogue says.
    ON_TIME = "on_time", _("Delivered on time")
    EXTERNAL_COMEBACK = "external_comeback", _("External comebacks")
    INTERNAL_REWORK = "internal_rework", _("Internal rework")
    FIRST_TIME_FIX = "first_time_fix", _("Fixed the first time")
    LABOUR_UTILISATION = "labour_utilisation", _("Labour utilisation")
    WORK_EFFICIENCY = "work_efficiency", _("Work efficiency")
    APPOINTMENT_RATE = "appointment_rate", _("Orders by appointment")
    APPOINTMENTS_KEPT = "appointments_kept", _("Appointments kept")
    PARTS_FILL = "parts_fill", _("Parts there at once")
    RECOVERY = "recovery", _("Receivables recovered")
    CALL_COVERAGE = "call_coverage", _("After-service calls made")
    CALL_IN_WINDOW = "call_in_window", _("After-service calls in the window")
    CALL_CONNECTED = "call_connected", _("Calls that were answered")
    COMPLAINT_RATE = "complaint_rate", _("Complaint rate")
    COMPLAINT_REPLIED = "complaint_replied", _("First reply in time")
    COMPLAINT_SOLVED = "complaint_solved", _("Solved in time")
    COMPLAINT_CONTENT = "complaint_content", _("Satisfied with the result")
    CUSTOMER_LOSS = "customer_loss", _("Customers lost")
    FIRST_SERVICE_LOSS = "first_service_loss", _("First services lost")
    SERVICE_COMPLIANCE = "service_compliance", _("Services on schedule")
    INSURANCE_RENEWAL = "insurance_renewal", _("Insurances renewed")
    MEMBER_SHARE = "member_share", _("Members among customers")
    CSI = "csi", _("Service index (CSI)")
    SSI = "ssi", _("Sales index (SSI)")
    TEN_QUESTIONS = "ten_questions", _("Ten-question check")
    NPS = "nps", _("Recommendation (NPS)")

    @property
    def is_amount(self) -> bool:
        """Whether months, teams and people add up to the whole: sums do, rates and points don't."""
        return self in AMOUNTS

    @property
    def unit(self) -> "Unit":
        if self == Measure.CAR_COUNT:
            return Unit.COUNT
        if self.is_amount:
            return Unit.MONEY
        return Unit.POINTS if self in POINTED else Unit.SHARE


AMOUNTS = frozenset({Measure.OUTPUT, Measure.CAR_COUNT, Measure.ACCESSORY_SALES, Measure.MARGIN})
POINTED = frozenset({Measure.CSI, Measure.SSI, Measure.TEN_QUESTIONS})


class Unit(models.TextChoices):
    """What a figure is counted in."""

    MONEY = "money", _("CNY")
    COUNT = "count", _("cars")
    SHARE = "share", _("%")
    MINUTES = "minutes", _("minutes")
    POINTS = "points", _("points")
    PLACE = "place", pgettext_lazy("unit", "place")
    PER_DAY = "per_day", pgettext_lazy("unit", "a day")
    PER_PERSON = "per_person", pgettext_lazy("unit", "a person")


class Verdict(models.TextChoices):
    """What goal and floor say of a figure (达标): in words, for paper and for eyes that tell no red from green."""

    MET = "met", pgettext_lazy("goal", "met")
    MISSED = "missed", pgettext_lazy("goal", "missed")  # the floor, where there is one, is kept
    FLOOR_MISSED = "floor_missed", pgettext_lazy("goal", "floor missed")


class Topic(models.TextChoices):
    """Under which head a measure stands on the dashboard."""

    MONEY = "money", _("Output and money")
    RECEPTION = "reception", _("Reception and delivery")
    WORKSHOP = "workshop", _("Workshop and parts")
    CALLS = "calls", _("Calls and complaints")
    LOYALTY = "loyalty", _("Customers kept")
    SATISFACTION = "satisfaction", pgettext_lazy("figures", "Satisfaction")
