"""What happens below wakes the generator; what it finds there is its own business."""

from django.dispatch import receiver

from callback import actions
from callback.choices import AFTER_HANDOVER, RuleCode
from callback.events import campaign_moved, new_car_handed_over, new_cars_imported, service_request_closed
from callback.tasks import generate_callbacks
from complaints.events import complaint_closed, complaint_resolved
from complaints.models import Complaint
from dealer_crm.later import later
from reception.events import (
    appointment_arrived,
    appointment_cancelled,
    appointment_confirmed,
    appointment_made,
    appointment_missed,
    appointment_moved,
    customer_erased,
    customers_merged,
    repair_order_delivered,
    repair_orders_imported,
    suggestion_ended,
    vehicles_merged,
)
from reception.models import RepairOrder, Suggestion
from satisfaction.events import bad_answer_flagged

AFTER_DELIVERY = (RuleCode.SERVICE_3D, RuleCode.MAINTENANCE, RuleCode.FIRST_SERVICE)


@receiver(repair_order_delivered)
def owe_service_call(sender, order_id, **_facts):
    store = RepairOrder.objects.values_list("store", flat=True).get(pk=order_id)
    later(generate_callbacks, store, [code.value for code in AFTER_DELIVERY])


@receiver([new_car_handed_over, new_cars_imported])
def owe_handover_calls(sender, store_id, **_facts):
    later(generate_callbacks, store_id, [code.value for code in AFTER_HANDOVER])


@receiver(campaign_moved)
def owe_campaign_calls(sender, store_id, **_facts):
    later(generate_callbacks, store_id, [RuleCode.CAMPAIGN.value])


@receiver(service_request_closed)
def owe_request_call(sender, store_id, **_facts):
    later(generate_callbacks, store_id, [RuleCode.SERVICE_REQUEST.value])


@receiver(repair_orders_imported)
def owe_imported_calls(sender, **_facts):
    later(generate_callbacks)


@receiver([complaint_resolved, complaint_closed])
def owe_complaint_call(sender, complaint_id, **_facts):
    store = Complaint.objects.values_list("store", flat=True).get(pk=complaint_id)
    later(generate_callbacks, store, [RuleCode.COMPLAINT_NEXT_DAY.value])


@receiver(
    [
        appointment_made,
        appointment_moved,
        appointment_confirmed,
        appointment_cancelled,
        appointment_missed,
        appointment_arrived,
    ]
)
def owe_appointment_calls(sender, store_id, **_facts):
    later(generate_callbacks, store_id, [RuleCode.APPOINTMENT_CONFIRM.value, RuleCode.APPOINTMENT_MISSED.value])


@receiver(suggestion_ended)
def drop_reminder(sender, suggestion_id, **_facts):
    store = Suggestion.objects.values_list("store", flat=True).get(pk=suggestion_id)
    later(generate_callbacks, store, [RuleCode.SUGGESTION.value])


@receiver(bad_answer_flagged)
def owe_follow_up(sender, **_facts):
    later(generate_callbacks, None, [RuleCode.BAD_ANSWER.value])


@receiver(customers_merged)
def follow_customer(sender, kept_id, double_id, **_facts):
    actions.follow_merged_customer(kept_id=kept_id, double_id=double_id)


@receiver(customer_erased)
def forget_numbers(sender, customer_ids, phones, at, **_facts):
    actions.forget_dialled_numbers(customer_ids=customer_ids, phones=phones, at=at)


@receiver(vehicles_merged)
def follow_vehicle(sender, kept_id, double_id, at, **_facts):
    actions.follow_merged_vehicle(kept_id=kept_id, double_id=double_id, at=at)
