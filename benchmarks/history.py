"""A long history out of a short one, inside PostgreSQL: a million orders in minutes instead of hours.

What a seeded database holds is written again as often as asked, each copy some weeks older than the one before. The
orders of each month and everything that is going on today stay as they are, only the past grows: closed rows go back,
open ones do not. Ids follow time as they do in life (the oldest copy has the lowest), numbers carry the day they speak
of, plates, VINs and telephone numbers are made as the seed makes them.

Tables, columns and constraints are read from the catalogue. A table that neither grows (`ROOTS` and whatever points at
what grows) nor is named in `STAYS` stops the work, so that a new one is not forgotten. Indexes and foreign keys are
taken off and put on again afterwards, by which PostgreSQL itself proves that every row keeps them.
"""

import io
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

from dealer_crm.seeding import names

OFFSET = 10_000_000
"""Ids of one copy and the next lie so far apart: more than a seeded table has rows."""

ROOTS = (
    "reception_customer",
    "callback_worklog",
    "channels_answer",
    "channels_message",
    "journal_entry",
    "workshop_attendance",
    "workshop_consumableissue",
)
"""Where growing begins: cars, orders and calls point at customers, directly or through one another."""

STAYS = {
    "the house and its rules, not its history": (
        "appraisal_indicator appraisal_scorecard appraisal_scorecardversion "
        "appraisal_siteitem appraisal_sitelist appraisal_siteplan callback_rule callback_scripttext "
        "channels_wording commission_payitem commission_plan commission_planversion "
        "complaints_knowledgeentry complaints_knowledgeversion complaints_topic kpi_target kpi_targetsignature "
        "organization_brand organization_position organization_staff organization_store organization_store_brands "
        "organization_storefigure organization_team reception_membershipterms reception_operation "
        "reception_operationhours reception_part reception_partcost reception_segment reception_slotcapacity "
        "satisfaction_ballot satisfaction_factortarget satisfaction_guess satisfaction_question "
        "satisfaction_questionnaire satisfaction_questionnaireversion satisfaction_section satisfaction_wording "
        "workdays_calendarday workshop_bay workshop_checklist workshop_shift workshop_technicianskills workshop_tool "
        "workshop_toolreport"
    ),
    "a few a month, however many orders": (
        "appraisal_score appraisal_sheet appraisal_sheetappeal appraisal_sheetline "
        "appraisal_sitefinding appraisal_sitephoto appraisal_siteresult appraisal_siteround appraisal_star "
        "appraisal_training appraisal_trainingseat callback_campaign "
        "callback_honestyreview callback_sample callback_showroomcheck commission_adjustment "
        "commission_appealvote commission_coefficientchange commission_computation commission_correction "
        "commission_countedrow commission_dispute commission_dryrun commission_latechange commission_payappeal "
        "commission_statementcheck "
        "commission_dryrunline "
        "commission_dryrunmonth commission_incentive commission_payline commission_payslip "
        "commission_run commission_statement "
        "commission_statementline complaints_goodwillbudget kpi_goalline kpi_goalmeeting satisfaction_factoryrank "
        "satisfaction_improvementplan workshop_hourdeduction"
    ),
    "contracts in force, with what is left of them": (
        "reception_agreement reception_agreement_vehicles reception_agreementitem reception_agreementuse"
    ),
    "counted out of the rest": "kpi_fact kpi_factmonth kpi_touchedmonth",
    "speaks of a file on the disk": (
        "complaints_evidence files_storedfile reception_orderphoto reception_signature workshop_defectphoto"
    ),
    "counts of the day, news and files that are kept for some weeks": (
        "channels_usednonce importing_importrun importing_importsource importing_rowimage notices_notice "
        "reception_numberseries reporting_export reporting_keptreport reporting_progress rest_keptanswer"
    ),
    "belongs to the libraries": (
        "auth_group auth_group_permissions auth_permission authtoken_token axes_accessattempt "
        "axes_accessattemptexpiration axes_accessfailurelog axes_accesslog django_admin_log django_content_type "
        "django_migrations django_session otp_totp_totpdevice"
    ),
}  # fmt: skip

CLOSED = {
    "callback_calltask": "done_at IS NOT NULL",
    "callback_referral": "ended_at IS NOT NULL",
    "callback_referraltime": "ended_at IS NOT NULL",
    "callback_servicerequest": "ended_at IS NOT NULL",
    "channels_message": "state <> 'waiting'",
    "complaints_appeal": "decided_at IS NOT NULL",
    "complaints_arrangement": "ended_at IS NOT NULL",
    "complaints_complaint": "closed_at IS NOT NULL",
    "complaints_goodwill": "decided_at IS NOT NULL",
    "journal_entry": "replace(subject_type, '.', '_') = ANY (%(growing)s)",
    "reception_appointment": "order_id IS NOT NULL",
    "reception_changerequest": "decision <> 'waiting'",
    "reception_flaw": "ended_at IS NOT NULL",
    "reception_repairorder": (
        "state = 'delivered' AND NOT EXISTS (SELECT FROM reception_receivable r WHERE r.order_id = t.id "
        "AND r.open_amount <> 0)"
    ),
    "reception_suggestion": "ended_at IS NOT NULL",
    "satisfaction_flag": "dealt_at IS NOT NULL",
    "workshop_attendance": "left_at IS NOT NULL",
}
"""What goes back of a table, where not all of it does; what points at a row that stays, stays with it."""

MADE = {
    "reception_vehicle": {
        "plate": lambda number, _old: names.plate(number),
        "vin": lambda number, old: names.vin(number, old[:5]),
        "engine_number": lambda number, _old: f"LTG{number:07d}",
    },
    "reception_customerphone": {"number": lambda number, _old: names.mobile(number)},
}
"""Columns whose texts obey rules of their own: how the seed makes them from a running number."""


@dataclass
class Table:
    """A table that grows."""

    name: str
    columns: dict[str, str]  # with their types, those the database computes left out
    points_at: dict[str, str] = field(default_factory=dict)  # column → table that grows too
    unique: list[list[str]] = field(default_factory=list)

    @property
    def made(self) -> dict:
        return MADE.get(self.name, {})

    @cached_property
    def renamed(self) -> set[str]:
        """Texts and tokens that would stand there twice: the last of each unique index in which nothing else moves."""
        kept = [columns for columns in self.unique if not any(map(self._moves, columns))]
        texts = [[column for column in columns if self.columns[column] in ("text", "uuid")] for columns in kept]
        return {columns[-1] for columns in texts if columns}

    def _moves(self, column: str) -> bool:
        is_moved = column in ("id", "period") or column in self.points_at or column in self.made
        return is_moved or self.columns[column] in ("date", "timestamptz")

    def value(self, column: str) -> str:
        """What copy `k` has in this column: `k` steps older than today's, its ids moved `up`."""
        kind, old = self.columns[column], f't."{column}"'
        if column == "id" or column in self.points_at:
            return f"{old} + %(up)s"
        if column in self.made:
            return f"coalesce(made.{column}, {old})"
        if kind in ("date", "timestamptz"):
            return f"({old} - %(k)s * %(step)s * interval '1 day')::{kind}"
        if column == "period":
            return (
                f"to_char(to_date({old}, 'YYYY-MM') - round(%(k)s * %(step)s / 30.44) * interval '1 month', 'YYYY-MM')"
            )
        if kind == "uuid" and column in self.renamed:
            return f"CASE WHEN %(k)s = 0 OR {old} IS NULL THEN {old} ELSE gen_random_uuid() END"
        if column in self.renamed:
            return f"""CASE
                WHEN {old} ~ '^[a-z_]+:[0-9]'
                THEN substring({old} FROM '^[a-z_]+:') || substring({old} FROM ':([0-9]+)')::bigint + %(up)s
                  || substring({old} FROM '^[a-z_]+:[0-9]+(.*)$')
                WHEN %(k)s = 0 THEN {old}
                WHEN {old} ~ '-[0-9]{{6}}-' THEN regexp_replace({old}, '-[0-9]{{6}}-',
                    to_char(to_date(substring({old} FROM '-([0-9]{{6}})-'), 'YYMMDD') - %(k)s * %(step)s, '-YYMMDD-'))
                ELSE {old} || '-' || %(k)s END"""
        if self.name == "journal_entry" and column == "subject_id":
            return f"""CASE WHEN replace(t.subject_type, '.', '_') = ANY (%(growing)s)
                THEN ({old}::bigint + %(up)s)::text ELSE {old} END"""
        return old


def lengthen(cursor, orders: int) -> int:
    """Let the past of the database grow until it holds at least so many orders; how many it holds then.

    All of it in the transaction of who asks. Texts that name an id (addresses in notices, say) lead nowhere
    afterwards; nothing measured follows them.
    """
    references = _references(cursor)
    tables = _growing(cursor, references)
    values = {"growing": list(tables)}
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL maintenance_work_mem = '512MB'; CREATE SCHEMA seeded")
    _put_aside(cursor, tables, values)
    copies, values["step"] = _copies(cursor, orders)
    put_back = _take_off(cursor, values["growing"])
    cursor.execute("TRUNCATE " + ", ".join(tables))
    for table in tables.values():
        _make_texts(cursor, table, copies)
        for k in range(copies, -1, -1):
            _write(cursor, table, values | {"k": k, "up": (copies - k) * OFFSET})
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")
    for name, column, at in references:
        if at in tables and name not in tables:  # what stays points at the newest
            cursor.execute(
                f'UPDATE {name} SET "{column}" = "{column}" + {copies * OFFSET} WHERE "{column}" IS NOT NULL'
            )
    for statement in put_back:
        cursor.execute(statement)
    cursor.execute("DROP SCHEMA seeded CASCADE")
    cursor.execute("SELECT count(*) FROM reception_repairorder")
    return cursor.fetchone()[0]


# ── What the catalogue says ──────────────────────────────────────────────────────────────────────────────────────────


def _growing(cursor, references: list[tuple[str, str, str]]) -> dict[str, Table]:
    """The tables that grow, by name."""
    named, grow = {name for some in STAYS.values() for name in some.split()}, set(ROOTS)
    while more := {table for table, _column, at in references if at in grow} - grow - named:
        grow |= more
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    if unknown := {name for (name,) in cursor.fetchall()} - grow - named:
        raise SystemExit(f"benchmarks/history.py does not say whether these grow: {', '.join(sorted(unknown))}")
    tables = {name: Table(name, _columns(cursor, name), unique=_unique(cursor, name)) for name in sorted(grow)}
    for table, column, at in references:
        if table in tables and at in tables:
            tables[table].points_at[column] = at
    return tables


def _references(cursor) -> list[tuple[str, str, str]]:
    """Every foreign key: table, column, table it points at."""
    cursor.execute(
        """SELECT conrelid::regclass::text, attname, confrelid::regclass::text FROM pg_constraint
             JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
            WHERE contype = 'f' AND connamespace = 'public'::regnamespace"""
    )
    return cursor.fetchall()


def _columns(cursor, table: str) -> dict[str, str]:
    cursor.execute(
        """SELECT attname, CASE WHEN typname = 'varchar' THEN 'text' ELSE typname END FROM pg_attribute
             JOIN pg_type ON pg_type.oid = atttypid
            WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""",
        [table],
    )
    return dict(cursor.fetchall())


def _unique(cursor, table: str) -> list[list[str]]:
    """The columns of each unique index."""
    cursor.execute(
        """SELECT array_agg(attname::text ORDER BY array_position(indkey::smallint[], attnum)) FROM pg_index
             JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
            WHERE indrelid = %s::regclass AND indisunique GROUP BY indexrelid""",
        [table],
    )
    return [columns for (columns,) in cursor.fetchall()]


# ── The work ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _put_aside(cursor, tables: dict[str, Table], values: dict) -> None:
    """The seeded rows in a schema of their own, each marked whether it goes back."""
    for name in tables:
        closed = CLOSED.get(name, "true")
        cursor.execute(f"CREATE TABLE seeded.{name} AS SELECT t.*, {closed} AS goes_back FROM {name} t", values)
        cursor.execute(f"ALTER TABLE seeded.{name} ADD PRIMARY KEY (id), ADD CHECK (id < {OFFSET})")
    moved = 1
    while moved:
        moved = 0
        for table in tables.values():
            for column, at in table.points_at.items():
                cursor.execute(
                    f"""UPDATE seeded.{table.name} t SET goes_back = false FROM seeded.{at} a
                         WHERE t.goes_back AND a.id = t."{column}" AND NOT a.goes_back"""
                )
                moved += cursor.rowcount


def _copies(cursor, orders: int) -> tuple[int, int]:
    """How many copies, and the days from one to the next: whole weeks, so that Sundays stay Sundays."""
    cursor.execute(
        """SELECT count(*), count(*) FILTER (WHERE goes_back),
                  extract(day FROM max(arrived_at) - min(arrived_at))::int / 7 + 1 FROM seeded.reception_repairorder"""
    )
    there, going_back, weeks = cursor.fetchone()
    return -(-max(0, orders - there) // going_back), 7 * weeks


def _take_off(cursor, tables: list[str]) -> list[str]:
    """Take triggers, foreign keys and indexes off these tables; the statements that put them on again."""
    cursor.execute(
        """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'p', 'u', 'x')
              AND (conrelid::regclass::text = ANY (%(tables)s) OR confrelid::regclass::text = ANY (%(tables)s))
            ORDER BY contype <> 'f', conrelid""",
        {"tables": tables},
    )
    constraints = cursor.fetchall()
    cursor.execute(
        """SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index
            WHERE indrelid::regclass::text = ANY (%s)
              AND indexrelid NOT IN (SELECT conindid FROM pg_constraint WHERE contype IN ('p', 'u', 'x'))""",
        [tables],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in constraints:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    return [
        *(definition for _name, definition in indexes),
        *(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {words}' for table, name, words in reversed(constraints)),
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables),
    ]


def _make_texts(cursor, table: Table, copies: int) -> None:
    """`seeded.made`: the texts of every copy that obey rules of their own."""
    if not table.made:
        return
    columns = ", ".join(table.made)
    cursor.execute(f"SELECT id, {columns} FROM seeded.{table.name} WHERE goes_back ORDER BY id")
    rows = cursor.fetchall()
    numbers = count(rows[-1][0] + 1 if rows else 1)
    lines = []
    for k in range(1, copies + 1):
        for pk, *old in rows:
            number = next(numbers)
            made = (make(number, text) if text else "" for make, text in zip(table.made.values(), old, strict=True))
            lines.append("\t".join([str(k), str(pk), *made]))
    cursor.execute("DROP TABLE IF EXISTS seeded.made")
    cursor.execute(f"CREATE TABLE seeded.made AS SELECT 0 AS k, id, {columns} FROM seeded.{table.name} LIMIT 0")
    cursor.copy_expert(f"COPY seeded.made (k, id, {columns}) FROM STDIN", io.StringIO("\n".join(lines)))
    cursor.execute("ALTER TABLE seeded.made ADD PRIMARY KEY (k, id)")


def _write(cursor, table: Table, values: dict) -> None:
    """One copy of one table; the newest is all that was there."""
    made = "LEFT JOIN seeded.made ON made.id = t.id AND made.k = %(k)s" if table.made else ""
    cursor.execute(
        f"""INSERT INTO {table.name} ({", ".join(f'"{column}"' for column in table.columns)})
            SELECT {", ".join(map(table.value, table.columns))} FROM seeded.{table.name} t {made}
             WHERE %(k)s = 0 OR t.goes_back ORDER BY t.id""",
        values,
    )
