"""An adopted version of a scorecard and its lines can't be changed by any way into the database: people are judged by
what they could read."""

from django.db import migrations

FREEZE = """
CREATE FUNCTION appraisal_version_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'adopted' THEN
        RAISE EXCEPTION 'scorecard version % is adopted', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER appraisal_version_is_final BEFORE UPDATE OR DELETE ON appraisal_scorecardversion
    FOR EACH ROW EXECUTE FUNCTION appraisal_version_is_final();

CREATE FUNCTION appraisal_indicator_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM appraisal_scorecardversion WHERE id = ANY(touched) AND state = 'adopted') THEN
        RAISE EXCEPTION 'scorecard version % is adopted', touched USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER appraisal_indicator_is_final BEFORE INSERT OR UPDATE OR DELETE ON appraisal_indicator
    FOR EACH ROW EXECUTE FUNCTION appraisal_indicator_is_final();
"""
THAW = """
DROP TRIGGER appraisal_indicator_is_final ON appraisal_indicator;
DROP FUNCTION appraisal_indicator_is_final();
DROP TRIGGER appraisal_version_is_final ON appraisal_scorecardversion;
DROP FUNCTION appraisal_version_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("appraisal", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FREEZE, THAW)]
