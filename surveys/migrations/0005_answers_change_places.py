"""Responses are mixed by taking rows out and putting them back, as they are, in random order (INV-19, decision 0022).

Rows that are only changed stay in their page of the table: a dump of 160 answers had them in the order in which they
came, give or take three.
"""

from django.db import migrations

MAY_MIX = """
DROP TRIGGER surveys_{table}_same ON surveys_{table};
DROP TRIGGER surveys_{table}_rows ON surveys_{table};
CREATE TRIGGER surveys_{table}_same BEFORE UPDATE ON surveys_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change('survey_{table}');
CREATE TRIGGER surveys_{table}_rows BEFORE DELETE ON surveys_{table}
    FOR EACH ROW WHEN (current_setting('i2a.survey_mix', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION refuse_change('survey_{table}');
"""
MAY_STAY = """
DROP TRIGGER surveys_{table}_same ON surveys_{table};
DROP TRIGGER surveys_{table}_rows ON surveys_{table};
CREATE TRIGGER surveys_{table}_rows BEFORE DELETE ON surveys_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change('survey_{table}');
CREATE TRIGGER surveys_{table}_same BEFORE UPDATE ON surveys_{table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION refuse_change('survey_{table}');
"""
HEAD = """
CREATE OR REPLACE FUNCTION survey_mix(new_one uuid, others integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
"""
CHOSEN = """
        SELECT id FROM (
            SELECT old.id FROM surveys_response old JOIN surveys_response new
                ON new.id = new_one AND old.survey_id = new.survey_id AND old.answered_on = new.answered_on
            ORDER BY old.id = new_one DESC, random() LIMIT others + 1
        ) together ORDER BY random()
"""
MIX = f"""{HEAD}
DECLARE chosen uuid[] := ARRAY({CHOSEN});
BEGIN
    PERFORM set_config('i2a.survey_mix', 'on', true);
    WITH taken AS (DELETE FROM surveys_answer WHERE response_id = ANY (chosen) RETURNING *)
        INSERT INTO surveys_answer SELECT * FROM taken ORDER BY random();
    WITH taken AS (DELETE FROM surveys_response WHERE id = ANY (chosen) RETURNING *)
        INSERT INTO surveys_response SELECT * FROM taken ORDER BY random();
    PERFORM set_config('i2a.survey_mix', 'off', true);
END $$;
"""
CHANGE = f"""{HEAD}
DECLARE one uuid;
BEGIN
    FOR one IN {CHOSEN} LOOP
        UPDATE surveys_response SET channel = channel WHERE id = one;
        UPDATE surveys_answer SET text = text WHERE response_id = one;
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_row_triggers")]

    operations = [
        migrations.RunSQL(MAY_MIX.format(table="response"), MAY_STAY.format(table="response")),
        migrations.RunSQL(MAY_MIX.format(table="answer"), MAY_STAY.format(table="answer")),
        migrations.RunSQL(MIX, CHANGE),
    ]
