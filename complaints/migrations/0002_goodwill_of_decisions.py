"""Goodwill that managers' decisions granted so far becomes bookings of its own; words of complaints get their index.

A month's budget of the past is what was spent in it, or the shipped budget where that is more: nothing was overdrawn.
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import migrations

SHIPPED_BUDGET = Decimal(10000)


def book_past_decisions(apps, schema_editor):
    complaint_model = apps.get_model("complaints", "Complaint")
    step_model = apps.get_model("complaints", "ComplaintStep")
    budget_model = apps.get_model("complaints", "GoodwillBudget")
    goodwill_model = apps.get_model("complaints", "Goodwill")
    granted = complaint_model.objects.filter(goodwill_amount__gt=0).select_related("store").order_by("pk")
    for complaint in granted.iterator():
        decision = step_model.objects.filter(complaint=complaint, kind="decision").order_by("-id").first()
        at = decision.at if decision else complaint.received_at
        period = f"{at.astimezone(ZoneInfo(complaint.store.time_zone)):%Y-%m}"
        budget, _made = budget_model.objects.get_or_create(
            store_id=complaint.store_id, period=period, defaults={"amount": SHIPPED_BUDGET}
        )
        budget.spent_amount += complaint.goodwill_amount
        budget.amount = max(budget.amount, budget.spent_amount)
        budget.save()
        goodwill_model.objects.create(
            complaint=complaint, kind="money", amount=complaint.goodwill_amount, state="approved", is_of_decision=True,
            requested_at=at, decided_by_id=decision.by_id if decision else None, decided_at=at, budget=budget,
        )  # fmt: skip


def forget_bookings(apps, schema_editor):
    apps.get_model("complaints", "Goodwill").objects.all().delete()
    apps.get_model("complaints", "GoodwillBudget").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0001_initial"),
        ("reception", "0002_parts_of_plates_and_names"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX complaint_words ON complaints_complaint USING gin"
            " (public.reception_pieces(lower(description || ' ' || wish)))",
            "DROP INDEX complaint_words",
        ),
        migrations.RunPython(book_past_decisions, forget_bookings),
    ]
