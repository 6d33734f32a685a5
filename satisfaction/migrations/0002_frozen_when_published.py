"""A published version, its sections, questions and wordings can't be changed by any way into the database.

An action that forgot to ask, a shell, an import: answers stay tied to the wording the customer heard.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION satisfaction_question_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM satisfaction_questionnaireversion
     WHERE published_at IS NOT NULL
       AND id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.version_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.version_id END);
    IF FOUND THEN
        RAISE EXCEPTION 'a published questionnaire version is frozen; make a new version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER satisfaction_question_frozen BEFORE INSERT OR UPDATE OR DELETE ON satisfaction_question
    FOR EACH ROW EXECUTE FUNCTION satisfaction_question_frozen();

CREATE FUNCTION satisfaction_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL THEN
        RAISE EXCEPTION 'a published questionnaire version is frozen; make a new version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER satisfaction_version_frozen BEFORE UPDATE OR DELETE ON satisfaction_questionnaireversion
    FOR EACH ROW EXECUTE FUNCTION satisfaction_version_frozen();

CREATE TRIGGER satisfaction_section_frozen BEFORE INSERT OR UPDATE OR DELETE ON satisfaction_section
    FOR EACH ROW EXECUTE FUNCTION satisfaction_question_frozen();

CREATE FUNCTION satisfaction_wording_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM satisfaction_question q JOIN satisfaction_questionnaireversion v ON v.id = q.version_id
     WHERE v.published_at IS NOT NULL
       AND q.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.question_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.question_id END);
    IF FOUND THEN
        RAISE EXCEPTION 'a published questionnaire version is frozen; make a new version' USING ERRCODE = 'check_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER satisfaction_wording_frozen BEFORE INSERT OR UPDATE OR DELETE ON satisfaction_wording
    FOR EACH ROW EXECUTE FUNCTION satisfaction_wording_frozen();
"""
UNDO = """
DROP TRIGGER satisfaction_wording_frozen ON satisfaction_wording;
DROP FUNCTION satisfaction_wording_frozen();
DROP TRIGGER satisfaction_section_frozen ON satisfaction_section;
DROP TRIGGER satisfaction_version_frozen ON satisfaction_questionnaireversion;
DROP FUNCTION satisfaction_version_frozen();
DROP TRIGGER satisfaction_question_frozen ON satisfaction_question;
DROP FUNCTION satisfaction_question_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("satisfaction", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, UNDO)]
