from django.dispatch import receiver

from reception.events import customers_merged, vehicles_merged
from satisfaction.models import Response


@receiver(customers_merged)
def follow_customer(sender, kept_id, double_id, **_facts) -> None:
    Response.objects.filter(customer=double_id).update(customer=kept_id)


@receiver(vehicles_merged)
def follow_vehicle(sender, kept_id, double_id, **_facts) -> None:
    Response.objects.filter(vehicle=double_id).update(vehicle=kept_id)
