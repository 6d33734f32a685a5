"""The second line of the audit: rows written beside the program, which the journal's first line can't see.

The program says of every connection that it is its own (`dealer_crm.journal.receivers`) and writes the journal itself.
Whoever comes otherwise (psql, a script, another program) finds a trigger on the tables that count: it writes the line,
with the database role, from what to what. An app hangs its tables on with CREATE TRIGGER … WHEN (see reception). Names
carry their schema because a restore runs without a search path. Source: spec people-and-roles.md (audit).
"""

from django.db import migrations

NOTE = """
CREATE FUNCTION public.journal_note_untold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    either jsonb := old_row || new_row;
BEGIN
    INSERT INTO public.journal_entry (at, by_id, by_name, store_code, verb, subject_type, subject_id, subject_label,
        changes, note, origin)
    SELECT clock_timestamp(), '', left(session_user, 80),
        coalesce((SELECT code FROM public.organization_store WHERE id = (either ->> 'store_id')::bigint), ''),
        'database.' || CASE TG_OP WHEN 'INSERT' THEN 'inserted' WHEN 'UPDATE' THEN 'updated' ELSE 'deleted' END,
        TG_ARGV[0], either ->> 'id', left(coalesce(either ->> TG_ARGV[1], ''), 120),
        coalesce(jsonb_object_agg(name, jsonb_build_array(old_row -> name, new_row -> name))
            FILTER (WHERE TG_OP <> 'INSERT' AND old_row -> name IS DISTINCT FROM new_row -> name), '{}'),
        '', left('database ' || current_setting('application_name'), 80)
    FROM jsonb_object_keys(either) AS name;
    RETURN NULL;
END $$;
"""
UNDO = "DROP FUNCTION public.journal_note_untold();"


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_only_ever_added")]
    operations = [migrations.RunSQL(NOTE, UNDO)]
