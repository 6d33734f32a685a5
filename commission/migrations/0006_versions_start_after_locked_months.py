from django.db import migrations

# Whatever way it comes: no version is adopted for a month that is paid already.
GUARD = """
CREATE FUNCTION commission_version_starts_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state = 'approved' AND EXISTS (
        SELECT 1 FROM commission_run r JOIN commission_plan p ON p.store_id = r.store_id
        WHERE p.id = NEW.plan_id AND r.state = 'locked' AND r.period >= NEW.starts_period
    ) THEN
        RAISE EXCEPTION 'month % is locked or lies before one that is locked', NEW.starts_period
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER commission_version_starts_open BEFORE INSERT OR UPDATE ON commission_planversion
    FOR EACH ROW EXECUTE FUNCTION commission_version_starts_open();
"""
GIVE_UP = """
DROP TRIGGER commission_version_starts_open ON commission_planversion;
DROP FUNCTION commission_version_starts_open();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commission", "0005_committees_are_reminded"),
    ]
    operations = [migrations.RunSQL(GUARD, GIVE_UP)]
