"""Orders, settlements, receipts and customers: what is written beside the program is noted by the database itself."""

from django.db import migrations

TABLES = {  # table → the thing it holds, and what it is called by
    "reception_repairorder": ("reception.repairorder", "number"),
    "reception_settlement": ("reception.settlement", "number"),
    "reception_receipt": ("reception.receipt", "number"),
    "reception_customer": ("reception.customer", "name"),
}
WATCH = "\n".join(
    f"""CREATE TRIGGER journal_untold AFTER INSERT OR UPDATE OR DELETE ON public.{table} FOR EACH ROW
    WHEN (current_setting('dealer_crm.program', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION public.journal_note_untold('{thing}', '{label}');"""
    for table, (thing, label) in TABLES.items()
)
UNDO = "\n".join(f"DROP TRIGGER journal_untold ON public.{table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("reception", "0003_receivables_by_triggers"), ("journal", "0003_what_nobody_told")]
    operations = [migrations.RunSQL(WATCH, UNDO)]
