from django.dispatch import receiver

from complaints import actions
from complaints.models import Complaint
from reception.events import customers_merged, vehicles_merged


def complaints_imported(sender, sheets, at, **_more) -> None:
    """A workbook brought complaints in after the fact: nobody is told now that a clock ran out last month."""
    if "投诉" in sheets:
        actions.mark_passed_silently(complaint_ids=sheets["投诉"], by=None, at=at)


@receiver(customers_merged)
def follow_customer(sender, kept_id, double_id, **_facts) -> None:
    Complaint.objects.filter(customer=double_id).update(customer=kept_id)


@receiver(vehicles_merged)
def follow_vehicle(sender, kept_id, double_id, **_facts) -> None:
    Complaint.objects.filter(vehicle=double_id).update(vehicle=kept_id)
