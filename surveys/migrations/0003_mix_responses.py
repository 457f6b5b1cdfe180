"""Responses may be written down again as they are, in random order, by `survey_mix` alone (INV-19, decision 0022)."""

from django.db import migrations

ALLOW_THE_SAME = """
DROP TRIGGER surveys_{table}_rows ON surveys_{table};
CREATE TRIGGER surveys_{table}_rows BEFORE DELETE ON surveys_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change('survey_{table}');
CREATE TRIGGER surveys_{table}_same BEFORE UPDATE ON surveys_{table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION refuse_change('survey_{table}');
"""
REFUSE_ALL = """
DROP TRIGGER surveys_{table}_same ON surveys_{table};
DROP TRIGGER surveys_{table}_rows ON surveys_{table};
CREATE TRIGGER surveys_{table}_rows BEFORE UPDATE OR DELETE ON surveys_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change('survey_{table}');
"""
MIX = """
CREATE FUNCTION survey_mix(new_one uuid, others integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE one uuid;
BEGIN
    FOR one IN
        SELECT id FROM (
            SELECT old.id FROM surveys_response old JOIN surveys_response new
                ON new.id = new_one AND old.survey_id = new.survey_id AND old.answered_on = new.answered_on
            ORDER BY old.id = new_one DESC, random() LIMIT others + 1
        ) together ORDER BY random()
    LOOP
        UPDATE surveys_response SET channel = channel WHERE id = one;
        UPDATE surveys_answer SET text = text WHERE response_id = one;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_editing")]

    operations = [
        migrations.RunSQL(ALLOW_THE_SAME.format(table="response"), REFUSE_ALL.format(table="response")),
        migrations.RunSQL(ALLOW_THE_SAME.format(table="answer"), REFUSE_ALL.format(table="answer")),
        migrations.RunSQL(MIX, "DROP FUNCTION survey_mix(uuid, integer)"),
    ]
