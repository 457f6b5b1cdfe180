from django.db import migrations

FREEZE = """
CREATE FUNCTION freeze_document_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.document_id, NEW.number, NEW.body, NEW.url, NEW.file_sha256) IS NOT DISTINCT FROM
        (OLD.document_id, OLD.number, OLD.body, OLD.url, OLD.file_sha256) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' AND OLD.released_at IS NULL THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'document_version never changes: make a new version'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER document_version_frozen BEFORE UPDATE OR DELETE ON calls_documentversion
    FOR EACH ROW EXECUTE FUNCTION freeze_document_version();
"""
THAW = """
DROP TRIGGER document_version_frozen ON calls_documentversion;
DROP FUNCTION freeze_document_version();
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0003_last_call")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
