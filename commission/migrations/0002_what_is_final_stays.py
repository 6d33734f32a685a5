from django.db import migrations

# A locked run, its statements and lines never change, whatever way the change comes; an approved plan version neither.
FREEZE = """
CREATE FUNCTION commission_run_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'locked' THEN
        RAISE EXCEPTION 'commission run % is locked', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER commission_run_is_final BEFORE UPDATE OR DELETE ON commission_run
    FOR EACH ROW EXECUTE FUNCTION commission_run_is_final();

CREATE FUNCTION commission_part_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    touched bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.run_id]
        WHEN 'DELETE' THEN ARRAY[OLD.run_id]
        ELSE ARRAY[OLD.run_id, NEW.run_id] END;
BEGIN
    IF EXISTS (SELECT 1 FROM commission_run WHERE id = ANY(touched) AND state = 'locked') THEN
        RAISE EXCEPTION 'commission run % is locked', touched USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER commission_statement_is_final BEFORE INSERT OR UPDATE OR DELETE ON commission_statement
    FOR EACH ROW EXECUTE FUNCTION commission_part_is_final();
CREATE TRIGGER commission_line_is_final BEFORE INSERT OR UPDATE OR DELETE ON commission_statementline
    FOR EACH ROW EXECUTE FUNCTION commission_part_is_final();

CREATE TRIGGER commission_row_is_final BEFORE INSERT OR UPDATE OR DELETE ON commission_countedrow
    FOR EACH ROW EXECUTE FUNCTION commission_part_is_final();

CREATE FUNCTION commission_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM commission_run WHERE state = 'locked') THEN
        RAISE EXCEPTION 'locked commission runs are kept' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER commission_run_no_truncate BEFORE TRUNCATE ON commission_run EXECUTE FUNCTION commission_no_truncate();
CREATE TRIGGER commission_statement_no_truncate BEFORE TRUNCATE ON commission_statement EXECUTE FUNCTION commission_no_truncate();
CREATE TRIGGER commission_line_no_truncate BEFORE TRUNCATE ON commission_statementline EXECUTE FUNCTION commission_no_truncate();
CREATE TRIGGER commission_row_no_truncate BEFORE TRUNCATE ON commission_countedrow EXECUTE FUNCTION commission_no_truncate();

CREATE FUNCTION commission_version_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'approved' THEN
        RAISE EXCEPTION 'plan version % is approved', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER commission_version_is_final BEFORE UPDATE OR DELETE ON commission_planversion
    FOR EACH ROW EXECUTE FUNCTION commission_version_is_final();
"""
THAW = """
DROP TRIGGER commission_version_is_final ON commission_planversion;
DROP FUNCTION commission_version_is_final();
DROP TRIGGER commission_row_no_truncate ON commission_countedrow;
DROP TRIGGER commission_line_no_truncate ON commission_statementline;
DROP TRIGGER commission_statement_no_truncate ON commission_statement;
DROP TRIGGER commission_run_no_truncate ON commission_run;
DROP FUNCTION commission_no_truncate();
DROP TRIGGER commission_row_is_final ON commission_countedrow;
DROP TRIGGER commission_line_is_final ON commission_statementline;
DROP TRIGGER commission_statement_is_final ON commission_statement;
DROP FUNCTION commission_part_is_final();
DROP TRIGGER commission_run_is_final ON commission_run;
DROP FUNCTION commission_run_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("commission", "0001_initial"),
    ]
    operations = [migrations.RunSQL(FREEZE, THAW)]
