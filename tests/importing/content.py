"""What an import left in the database, without ids, so that two imports can be compared."""

from complaints.models import Complaint, Responsibility
from dealer_crm.appraisal.models import Score
from dealer_crm.kpi.models import Target
from dealer_crm.organization.models import Position, Staff, Store, Team
from reception.models import (
    AccidentAssessment,
    Customer,
    CustomerPhone,
    LineShare,
    OrderLine,
    Promise,
    Receipt,
    RepairOrder,
    Settlement,
    SettlementAmount,
    Vehicle,
)
from workshop.models import ConsumableIssue, HourDeduction

ASKED = {
    Store: "code name brands__name",
    Team: "store__code name kind",
    Staff: "work_number username name name_pinyin store__code roles hired_on regularised_on left_on is_active",
    Position: "staff__work_number store__code post team__name coefficient starts_on",
    Customer: "code store__code name kind gender address no_call_since",
    CustomerPhone: "customer__code number is_primary",
    Vehicle: "plate vin brand model owner__code store__code mileage last_visit_at purchased_on",
    RepairOrder: "number store__code vehicle__plate customer__code kind advisor__work_number state original__number "
    "arrived_at opened_at promised_at completed_at settled_at delivered_at mileage delay_cause",
    Promise: "order__number promised_at made_at",
    OrderLine: "order__number number kind code name quantity unit_price discount_rate payable_amount payer team__name "
    "seller__work_number is_installed installation_team__name",
    LineShare: "line__order__number line__number technician__work_number share",
    Settlement: "number order__number settled_at reversed_at settled_by",
    SettlementAmount: "settlement__number payer amount accessory_amount",
    Receipt: "number order__number payer received_on amount accessory_amount method",
    AccidentAssessment: "order__number assessed_amount assessed_on released_on",
    Target: "store__code period measure staff__work_number goal is_signed",
    Score: "period staff__work_number score",
    Complaint: "number store__code order__number source severity category received_at first_reply_at solved_at state "
    "is_verified is_satisfied",
    Responsibility: "complaint__number staff__work_number share",
    ConsumableIssue: "number store__code team__name issued_on name amount",
    HourDeduction: "number staff__work_number deducted_on hours reason approved_at",
}


def content() -> dict[str, list[tuple]]:
    """Model → its rows, sorted."""
    return {
        model.__name__: sorted(model.objects.values_list(*paths.split()), key=repr) for model, paths in ASKED.items()
    }
