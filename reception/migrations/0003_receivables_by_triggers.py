"""Receivables are kept by the database itself, from settlements and receipts, whoever writes them and however.

One function works a set of orders out anew; the triggers of the three tables only find out which orders a statement
touched. They fire once for each statement, so that a COPY of five thousand receipts is one pass. The orders are locked
first, in the order of their ids: the sums are then taken by a statement that begins after every other writer of these
orders has ended, so two receipts at the same moment can't each miss the other. Names carry their schema because a
restore runs without a search path. Source: spec reception.md (Receipts), measured.md (flat at a million orders).
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION public.reception_keep_receivables(touched bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF touched IS NULL THEN
        RETURN;
    END IF;
    PERFORM 1 FROM public.reception_repairorder WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;

    WITH live AS (
        SELECT id, order_id, settled_at FROM public.reception_settlement
        WHERE order_id = ANY (touched) AND reversed_at IS NULL
    ), settled AS (
        SELECT live.order_id, owed.payer, owed.amount FROM live
        JOIN public.reception_settlementamount owed ON owed.settlement_id = live.id
        WHERE owed.payer IN ('customer', 'warranty', 'insurance')
    ), received AS (
        SELECT order_id, payer, sum(amount) AS amount, max(entered_at) AS newest FROM public.reception_receipt
        WHERE order_id = ANY (touched) GROUP BY order_id, payer
    ), standing AS (
        SELECT order_id, payer, coalesce(settled.amount, 0) AS settled_amount,
            coalesce(received.amount, 0) AS received_amount, coalesce(live.settled_at, received.newest) AS due_since
        FROM settled FULL JOIN received USING (order_id, payer) LEFT JOIN live USING (order_id)
    ), gone AS (
        DELETE FROM public.reception_receivable kept
        WHERE kept.order_id = ANY (touched) AND NOT EXISTS (
            SELECT FROM standing WHERE standing.order_id = kept.order_id AND standing.payer = kept.payer
        )
    )
    INSERT INTO public.reception_receivable AS kept
        (store_id, order_id, payer, settled_amount, received_amount, due_since)
    SELECT visit.store_id, order_id, payer, settled_amount, received_amount, due_since
    FROM standing JOIN public.reception_repairorder visit ON visit.id = order_id
    ORDER BY order_id, payer
    ON CONFLICT (order_id, payer) DO UPDATE SET store_id = excluded.store_id,
        settled_amount = excluded.settled_amount, received_amount = excluded.received_amount,
        due_since = excluded.due_since
    WHERE (kept.store_id, kept.settled_amount, kept.received_amount, kept.due_since)
        IS DISTINCT FROM (excluded.store_id, excluded.settled_amount, excluded.received_amount, excluded.due_since);
END $$;
"""

# Which orders a statement touched. `written` and `gone` are the rows as they are now and as they were.
OF_SETTLEMENTS = """
CREATE FUNCTION public.reception_settlements_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT order_id) INTO touched FROM written;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT order_id) INTO touched FROM gone;
    ELSE
        SELECT array_agg(DISTINCT order_id) INTO touched FROM (
            (SELECT id, order_id, settled_at, reversed_at FROM gone
                EXCEPT SELECT id, order_id, settled_at, reversed_at FROM written)
            UNION ALL
            (SELECT id, order_id, settled_at, reversed_at FROM written
                EXCEPT SELECT id, order_id, settled_at, reversed_at FROM gone)
        ) changed;
    END IF;
    PERFORM public.reception_keep_receivables(touched);
    RETURN NULL;
END $$;
"""

OF_AMOUNTS = """
CREATE FUNCTION public.reception_settlement_amounts_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE settlements bigint[]; touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT settlement_id) INTO settlements FROM written;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT settlement_id) INTO settlements FROM gone;
    ELSE
        SELECT array_agg(DISTINCT settlement_id) INTO settlements FROM (
            SELECT settlement_id FROM gone UNION ALL SELECT settlement_id FROM written
        ) either;
    END IF;
    SELECT array_agg(DISTINCT order_id) INTO touched FROM public.reception_settlement WHERE id = ANY (settlements);
    PERFORM public.reception_keep_receivables(touched);
    RETURN NULL;
END $$;
"""

OF_RECEIPTS = """
CREATE FUNCTION public.reception_receipts_written() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(DISTINCT order_id) INTO touched FROM written;
    ELSIF TG_OP = 'DELETE' THEN
        SELECT array_agg(DISTINCT order_id) INTO touched FROM gone;
    ELSE
        SELECT array_agg(DISTINCT order_id) INTO touched FROM (
            SELECT order_id FROM gone UNION ALL SELECT order_id FROM written
        ) either;
    END IF;
    PERFORM public.reception_keep_receivables(touched);
    RETURN NULL;
END $$;
"""

# An order that changes its store takes its receivables with it.
OF_ORDERS = """
CREATE FUNCTION public.reception_order_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.reception_receivable SET store_id = NEW.store_id WHERE order_id = NEW.id;
    RETURN NULL;
END $$;
"""
ON_ORDERS = """
CREATE TRIGGER receivables_of_moved_order AFTER UPDATE OF store_id ON public.reception_repairorder
FOR EACH ROW WHEN (OLD.store_id IS DISTINCT FROM NEW.store_id) EXECUTE FUNCTION public.reception_order_moved();
"""

WATCHED = {
    "reception_settlement": "reception_settlements_written",
    "reception_settlementamount": "reception_settlement_amounts_written",
    "reception_receipt": "reception_receipts_written",
}
TRANSITIONS = {
    "insert": "NEW TABLE AS written",
    "update": "OLD TABLE AS gone NEW TABLE AS written",
    "delete": "OLD TABLE AS gone",
}


def watch(table: str, function: str, deed: str) -> migrations.RunSQL:
    """A trigger that fires once for each statement of this kind on a table."""
    name = f"receivables_after_{deed}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER {deed.upper()} ON public.{table} REFERENCING {TRANSITIONS[deed]} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION public.{function}()",
        f"DROP TRIGGER {name} ON public.{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_parts_of_plates_and_names")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION public.reception_keep_receivables(bigint[])"),
        migrations.RunSQL(OF_SETTLEMENTS, "DROP FUNCTION public.reception_settlements_written()"),
        migrations.RunSQL(OF_AMOUNTS, "DROP FUNCTION public.reception_settlement_amounts_written()"),
        migrations.RunSQL(OF_RECEIPTS, "DROP FUNCTION public.reception_receipts_written()"),
        migrations.RunSQL(OF_ORDERS, "DROP FUNCTION public.reception_order_moved()"),
        *(watch(table, function, deed) for table, function in WATCHED.items() for deed in TRANSITIONS),
        migrations.RunSQL(ON_ORDERS, "DROP TRIGGER receivables_of_moved_order ON public.reception_repairorder"),
    ]
