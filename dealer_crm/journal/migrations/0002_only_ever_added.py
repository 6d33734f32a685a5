from django.db import migrations

REFUSE = """
CREATE FUNCTION journal_entry_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal entries are only ever added' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_entry_only_added BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_entry_only_added();
"""
UNDO = """
DROP TRIGGER journal_entry_only_added ON journal_entry;
DROP FUNCTION journal_entry_only_added();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
