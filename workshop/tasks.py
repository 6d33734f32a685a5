"""What the clock wakes in the workshop: each looks what is due now, and may run twice, late or at the same time."""

from celery import shared_task
from django.utils import timezone

from reception.models import AddOn
from workshop import actions, queries


@shared_task(name="workshop.warn_of_promises")
def warn_of_promises():
    """Every minute: tell advisors of promises that will be missed."""
    at = timezone.now()
    for order in queries.promises_to_warn_of(at):
        actions.warn_of_promise(order=order, at=at)


@shared_task(name="workshop.close_forgotten_clocks")
def close_forgotten_clocks():
    """Every ten minutes: close clocks that still run after the shift."""
    at = timezone.now()
    for store in queries.stores_with_running_clocks():
        actions.close_forgotten_clocks(store=store, at=at)


@shared_task(name="workshop.close_forgotten_attendance")
def close_forgotten_attendance():
    """Every ten minutes, after the clocks: who forgot to go went when the shift ended."""
    at = timezone.now()
    for store in queries.stores_with_open_attendance():
        actions.close_forgotten_attendance(store=store, at=at)


@shared_task(name="workshop.tell_of_add_on")
def tell_of_add_on(add_on: int):
    """The customer answered: the people at the car are told."""
    found = AddOn.objects.select_related("order__store", "order__vehicle", "proposed_by", "recorded_by").get(pk=add_on)
    actions.pass_on_answer(add_on=found, at=timezone.now())
