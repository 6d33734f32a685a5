from django.dispatch import receiver
from django.urls import reverse

from complaints import actions
from complaints.events import complaint_recorded
from complaints.models import Complaint
from reception.events import customer_erased, customers_merged, vehicles_merged
from satisfaction.actions import hand_flags_to_complaint
from satisfaction.events import bad_answer_flagged
from satisfaction.models import Flag


def complaints_imported(sender, sheets, at, **_more) -> None:
    """A workbook brought complaints in after the fact: nobody is told now that a clock ran out last month."""
    if "投诉" in sheets:
        actions.mark_passed_silently(complaint_ids=sheets["投诉"], by=None, at=at)


@receiver(customers_merged)
def follow_customer(sender, kept_id, double_id, **_facts) -> None:
    Complaint.objects.filter(customer=double_id).update(customer=kept_id)


@receiver(customer_erased)
def forget_callers(sender, customer_ids, **_facts) -> None:
    """Who asked to be forgotten complained under a name and a number perhaps: both go."""
    Complaint.objects.filter(customer__in=customer_ids).update(caller_name="", caller_phone="")


@receiver(vehicles_merged)
def follow_vehicle(sender, kept_id, double_id, **_facts) -> None:
    Complaint.objects.filter(vehicle=double_id).update(vehicle=kept_id)


@receiver(complaint_recorded)
def take_over_bad_answers(sender, complaint_id, at, **_facts) -> None:
    """What was answered badly of the same visit is dealt with in the complaint's loop from now on."""
    _take_over(Complaint.objects.select_related("created_by").get(pk=complaint_id), at)


@receiver(bad_answer_flagged)
def take_over_a_later_one(sender, flag_id, at, **_facts) -> None:
    order = Flag.objects.values_list("answer__response__order", flat=True).get(pk=flag_id)
    found = Complaint.objects.unclosed().filter(order=order, order__isnull=False).select_related("created_by")
    if complaint := found.order_by("-pk").first():
        _take_over(complaint, at)


def _take_over(complaint: Complaint, at) -> None:
    hand_flags_to_complaint(
        order=complaint.order_id, customer=complaint.customer_id, number=complaint.number,
        url=reverse("complaints:complaint", args=[complaint.pk]), by=complaint.created_by, at=at,
    )  # fmt: skip
