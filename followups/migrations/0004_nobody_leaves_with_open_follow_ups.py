from django.db import migrations

# The words are said by access.leaving; this is for everybody who does not come through there (R-FUP-05).
CREATE = """
CREATE FUNCTION followups_check_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM followups_followup WHERE assigned_to_id = NEW.id AND status = 'open') THEN
        RAISE EXCEPTION 'open follow-ups must be reassigned first'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'user_leaves_no_open_follow_up';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_leaves_no_open_follow_up BEFORE UPDATE OF is_active ON access_user
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active) EXECUTE FUNCTION followups_check_leaving();
"""
DROP = """
DROP TRIGGER user_leaves_no_open_follow_up ON access_user;
DROP FUNCTION followups_check_leaving();
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0003_every_year_has_service")]

    operations = [migrations.RunSQL(CREATE, DROP)]
