"""The Celery application and the timetable of its clock.

PostgreSQL holds the truth; a task only wakes somebody who looks there. Every entry below is level-triggered: it asks
"what is due now?" and may run twice, late, or at the same time as itself without harm; a missed run is made up by the
next one. Source: spec `measured.md` (Celery).
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealer_crm.settings")

app = Celery("dealer_crm")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def sweep(task: str, schedule, *, lives: int) -> dict:
    """One line of the timetable: `task` at `schedule`; a wake-up older than `lives` seconds is not worth delivering,
    because a younger one has been sent since (a worker that was away does not come back to a heap of old ones)."""
    return {"task": task, "schedule": schedule, "options": {"expires": lives}}


# name: sweep(dotted name of the task, how often in seconds or as crontab in the local time zone, lives=seconds)
app.conf.beat_schedule = {
    "importing: go on with imports nobody works on": sweep(
        "dealer_crm.importing.tasks.go_on_with_imports", 60.0, lives=55
    ),
    "reporting: make what is owed": sweep("dealer_crm.reporting.tasks.make_owed_reports", 300.0, lives=290),
    "reception: give up missed appointments": sweep("reception.miss_late_appointments", 60.0, lives=55),
    "reception: value classes of the month that is over": sweep(
        "reception.compute_classes", crontab(minute=20), lives=3000
    ),
    "reception: agreements that end or run out": sweep("reception.watch_agreements", crontab(minute=25), lives=3000),
    "reception: flaws of the archive": sweep("reception.find_flaws", crontab(minute=15, hour=2), lives=3600),
    "reporting: make ordered lists": sweep("dealer_crm.reporting.tasks.make_ordered_exports", 60.0, lives=55),
    "workshop: warn of promises at risk": sweep("workshop.warn_of_promises", 60.0, lives=55),
    "workshop: close forgotten clocks": sweep("workshop.close_forgotten_clocks", 600.0, lives=590),
    "workshop: close forgotten attendance": sweep("workshop.close_forgotten_attendance", 600.0, lives=590),
    "kpi: count the months that changed": sweep("kpi.count_months", crontab(minute="*/5"), lives=290),
    "satisfaction: remind of bad answers": sweep("satisfaction.watch_flags", 600.0, lives=590),
    "satisfaction: remind of improvement plans": sweep("satisfaction.watch_plans", crontab(minute=35), lives=3000),
    "callback: make the owed calls": sweep("callback.tasks.generate_callbacks", 10 * 60.0, lives=9 * 60),
    "callback: text what goes by text": sweep("callback.tasks.send_owed_texts", 300.0, lives=290),
    "callback: return lapsed claims": sweep("callback.tasks.release_lapsed_claims", 60.0, lives=55),
    "callback: tell of campaigns": sweep("callback.tasks.tell_of_campaigns", 3600.0, lives=3500),
    "callback: remind of questions": sweep("callback.tasks.remind_of_referrals", 60.0, lives=55),
    "complaints: watch over the clocks": sweep("complaints.tasks.watch_clocks", 60.0, lives=55),
    "commission: compute months asked for": sweep("commission.compute_owed_months", 60.0, lives=55),
    "commission: try plan versions": sweep("commission.make_owed_dry_runs", 60.0, lives=55),
    "commission: remind committees": sweep("commission.remind_committees", 60.0, lives=55),
    "commission: compare the paid months": sweep(
        "commission.compare_locked_months", crontab(minute=30, hour=2), lives=3600
    ),
    "kpi: ask for signatures of targets": sweep("kpi.remind_of_targets", crontab(minute=45), lives=3000),
    "channels: send what is due": sweep("channels.send_due_messages", 60.0, lives=55),
    "channels: tell of messages that stand still": sweep("channels.watch_outbox", 600.0, lives=590),
    "channels: forget what can't be replayed": sweep("channels.forget_nonces", crontab(minute=50), lives=3000),
    "appraisal: rounds of the days ahead, late findings": sweep(
        "appraisal.watch_site", crontab(minute=0, hour="5,12"), lives=3600
    ),
    "files: sweep away what nobody keeps": sweep(
        "dealer_crm.files.tasks.sweep_files", crontab(minute=40, hour=3), lives=3600
    ),
    "appraisal: open the sheets of the month that is over": sweep(
        "appraisal.watch_sheets", crontab(minute=30), lives=3000
    ),
    "appraisal: count what is measured": sweep("appraisal.count_sheets", crontab(minute=45, hour=2), lives=3600),
    "office: is next year's calendar there": sweep(
        "dealer_crm.office.tasks.watch_calendar", crontab(minute=5), lives=3000
    ),
    "office: close left accounts": sweep("dealer_crm.office.tasks.close_left_accounts", crontab(minute=10), lives=3000),
}

__all__ = ["app", "crontab", "sweep"]
