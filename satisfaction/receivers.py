from django.dispatch import receiver

from reception.events import customers_merged
from satisfaction.models import Response


@receiver(customers_merged)
def follow_customer(sender, kept_id, double_id, **_facts) -> None:
    Response.objects.filter(customer=double_id).update(customer=kept_id)
