"""Whoever writes something that counts in a month marks the month: the kept numbers of a marked month are not read, and
are counted anew. By triggers, because pages, imports, corrections and raw SQL must all be noticed, within their own
transaction. Rows only pile up, so that no two writers wait for each other.

For each table: the columns that count, and in which months a row counts. An inserted or deleted row marks once for the
whole statement; a changed one only when one of the columns changed, so that claiming a call or moving a car costs
nothing here.
"""

from django.db import migrations

# The months some moments and days of a row lie in; `c` is the row, `s` its store.
POINTS = """SELECT s.id, to_char(p.day, 'YYYY-MM') FROM {rows} c {join} JOIN public.organization_store s ON s.id = {store}
    CROSS JOIN LATERAL unnest(ARRAY[{days}]::date[]) p (day) WHERE p.day IS NOT NULL"""
# Every month from a day on: what happened then is looked back at later (was the car here, was a service done?).
ONWARDS = """SELECT s.id, to_char(p.day, 'YYYY-MM') FROM {rows} c {join} JOIN public.organization_store s ON {on}
    CROSS JOIN LATERAL generate_series(
        date_trunc('month', {since}::timestamp),
        GREATEST(now()::timestamp, {since}::timestamp, (SELECT max((f.period || '-01')::timestamp) FROM public.kpi_factmonth f)),
        interval '1 month') p (day) WHERE {since} IS NOT NULL"""  # noqa: E501
EVER = "COALESCE((SELECT min((f.period || '-01')::date) FROM public.kpi_factmonth f), now()::date)"
ORDER = "JOIN public.reception_repairorder o ON o.id = c.order_id"


def local(column: str) -> str:
    return f"({column} AT TIME ZONE s.time_zone)::date"


def points(*days: str, store: str = "c.store_id", join: str = "") -> str:
    return POINTS.replace("{days}", ", ".join(days)).replace("{store}", store).replace("{join}", join)


def onwards(since: str, *, store: str = "c.store_id", join: str = "", on: str = "") -> str:
    return ONWARDS.replace("{since}", since).replace("{on}", on or f"s.id = {store}").replace("{join}", join)


WATCHED = {
    "reception_repairorder": (
        "store_id vehicle_id customer_id kind state original_id arrived_at greeted_at promised_at completed_at settled_at"
        " delivered_at delay_cause delay_confirmed late_by_customer mileage",
        onwards(local("c.arrived_at")),
    ),
    "reception_orderline": (
        "order_id kind payer quantity unit_price discount_rate payable_amount",
        onwards(local("o.arrived_at"), store="o.store_id", join=ORDER),
    ),
    "reception_lineshare": (
        "line_id technician_id share",
        points(
            local("o.completed_at"), store="o.store_id",
            join="JOIN public.reception_orderline l ON l.id = c.line_id"
            " JOIN public.reception_repairorder o ON o.id = l.order_id",
        ),
    ),
    "reception_settlement": (
        "order_id settled_at reversed_at settled_by_id",
        points(local("c.settled_at"), local("c.reversed_at"), store="o.store_id", join=ORDER),
    ),
    "reception_receipt": (
        "order_id payer received_on amount accessory_amount",
        onwards("c.received_on", store="o.store_id", join=ORDER),
    ),
    "reception_receivable": (
        "store_id order_id payer settled_amount received_amount due_since",
        points(local("c.due_since")),
    ),
    "reception_accidentassessment": (
        "order_id assessed_amount assessed_on released_on",
        points("c.assessed_on", "c.released_on", store="o.store_id", join=ORDER),
    ),
    "reception_appointment": (
        "store_id state order_id starts_at kind",
        points(local("c.starts_at"), local("c.ended_at")),
    ),
    "reception_agreement": (
        "store_id customer_id kind state starts_on ends_on ended_at",
        onwards("c.starts_on"),
    ),
    "reception_customer": ("store_id level merged_into_id", onwards("now()::date")),
    "reception_vehicle": (
        "store_id purchased_on insurance_ends_on merged_into_id",
        points("c.insurance_ends_on") + "\nUNION " + onwards("c.purchased_on")
        + "\nUNION " + onwards(f"CASE WHEN c.merged_into_id IS NOT NULL THEN {EVER} END"),
    ),
    "reception_mileagereading": (
        "vehicle_id km read_at",
        onwards(
            local("c.read_at"), store="v.store_id", join="JOIN public.reception_vehicle v ON v.id = c.vehicle_id"
        ),
    ),
    "reception_flaw": ("store_id entered_by_id found_at end", points(local("c.found_at"))),
    "workshop_job": (
        "order_id state finished_at",
        points(local("c.finished_at"), local("o.delivered_at"), store="o.store_id", join=ORDER),
    ),
    "workshop_clockentry": (
        "job_id technician_id started_at ended_at pause_reason",
        onwards(
            local("c.started_at"), store="o.store_id",
            join="JOIN public.workshop_job j ON j.id = c.job_id JOIN public.reception_repairorder o ON o.id = j.order_id",
        ),
    ),
    "workshop_attendance": (
        "staff_id day came_at left_at",
        points("c.day", store="t.store_id", join="JOIN public.organization_staff t ON t.id = c.staff_id"),
    ),
    "workshop_inspection": (
        "order_id result inspected_at",
        points(local("c.inspected_at"), store="o.store_id", join=ORDER),
    ),
    "workshop_comebackdecision": (
        "order_id is_accepted",
        points(
            local("o.arrived_at"), local("r.delivered_at"), store="o.store_id",
            join=f"{ORDER} LEFT JOIN public.reception_repairorder r ON r.id = o.original_id",
        ),
    ),
    "workshop_bay": ("store_id kind is_active", onwards(EVER)),
    "callback_calltask": ("store_id rule_id state first_called_at due_at", points(local("c.due_at"))),
    "callback_contact": ("store_id at outcome direction channel", points(local("c.at"))),
    "callback_handover": ("store_id vehicle_id handed_over_at", onwards(local("c.handed_over_at"))),
    "complaints_complaint": (
        "store_id received_at first_reply_at solved_at stopped_for is_satisfied",
        points(local("c.received_at")),
    ),
    "satisfaction_response": ("store_id version_id source answered_at", points(local("c.answered_at"))),
    "satisfaction_answer": (
        "response_id question_id score",
        points(
            local("r.answered_at"), store="r.store_id",
            join="JOIN public.satisfaction_response r ON r.id = c.response_id",
        ),
    ),
    "satisfaction_factoryrank": ("store_id period place of", points("to_date(c.period, 'YYYY-MM')")),
    "organization_position": (
        "staff_id team_id starts_on",
        onwards("c.starts_on", store="t.store_id", join="JOIN public.organization_staff t ON t.id = c.staff_id"),
    ),
    "organization_team": ("store_id kind", onwards(EVER)),
    "organization_storefigure": (
        "store_id code value starts_on",
        onwards("c.starts_on", on="c.store_id IS NULL OR s.id = c.store_id"),
    ),
    "workdays_calendarday": (
        "day store_code is_working",
        points("c.day", store="s.id").replace("WHERE", "WHERE c.store_code IN ('', s.code) AND"),
    ),
}  # fmt: skip


def function(name: str, rows: str, months: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO public.kpi_touchedmonth (store_id, period) {months.replace("{rows}", rows)}{"" if "UNION" in months else " GROUP BY 1, 2"};
    RETURN NULL; END $$""",  # noqa: E501
        f"DROP FUNCTION public.{name}()",
    )


def trigger(table: str, deed: str, how: str) -> migrations.RunSQL:
    name = f"marks_months_after_{deed}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {how}", f"DROP TRIGGER {name} ON public.{table}"
    )  # fmt: skip


def watch(table: str, columns: str, months: str):
    """The functions and triggers of one table."""
    names = columns.split()
    changed = " OR ".join(f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    yield function(f"kpi_{table}_written", "written", months)
    yield function(f"kpi_{table}_changed", "(SELECT OLD.* UNION ALL SELECT NEW.*)", months)
    for deed, transition in (("insert", "NEW"), ("delete", "OLD")):
        yield trigger(
            table, deed,
            f"{deed.upper()} ON public.{table} REFERENCING {transition} TABLE AS written"
            f" FOR EACH STATEMENT EXECUTE FUNCTION public.kpi_{table}_written()",
        )  # fmt: skip
    yield trigger(
        table, "update",
        f"UPDATE OF {listed} ON public.{table} FOR EACH ROW WHEN ({changed})"
        f" EXECUTE FUNCTION public.kpi_{table}_changed()",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("kpi", "0001_initial"),
        ("callback", "0001_initial"),
        ("complaints", "0001_initial"),
        ("organization", "0001_initial"),
        ("reception", "0004_written_beside_the_program"),
        ("satisfaction", "0002_frozen_when_published"),
        ("workdays", "0001_initial"),
        ("workshop", "0001_initial"),
    ]

    operations = [one for table, (columns, months) in WATCHED.items() for one in watch(table, columns, months)]
