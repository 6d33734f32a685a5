"""What the program says of its own connections, so that the database can tell them from everybody else's."""

from django.db.backends.signals import connection_created
from django.dispatch import receiver

SETTING = "dealer_crm.program"
"""`on`: who writes here writes the journal too. Without it the database notes what is written (migration 0003)."""


@receiver(connection_created, dispatch_uid=SETTING)
def speak_for_the_program(connection, **_signal):
    with connection.cursor() as cursor:
        cursor.execute(f"SET {SETTING} = 'on'")
