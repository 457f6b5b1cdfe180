"""What was answered stays as it is: links stay used, and nobody changes a response or an answer.

They may be written down again as they are, in random order, by `survey_mix` alone (INV-19, decision 0022).
"""

from django.db import migrations

from audit.append_only import AppendOnly

BITS_STAY = """
CREATE FUNCTION survey_bits_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF length(NEW.used) < length(OLD.used) OR substring(NEW.used FROM 1 FOR length(OLD.used)) & OLD.used <> OLD.used THEN
        RAISE EXCEPTION 'a used link stays used' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER survey_bits_stay BEFORE UPDATE ON surveys_ballotbox FOR EACH ROW EXECUTE FUNCTION survey_bits_stay();
"""
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
    dependencies = [("audit", "0002_sealed_and_in_months"), ("surveys", "0002_list_is_fixed")]

    operations = [
        migrations.RunSQL(
            BITS_STAY, "DROP TRIGGER survey_bits_stay ON surveys_ballotbox; DROP FUNCTION survey_bits_stay()"
        ),
        AppendOnly("surveys_ticket", "survey_ticket"),
        AppendOnly("surveys_response", "survey_response"),
        AppendOnly("surveys_answer", "survey_answer"),
        migrations.RunSQL(ALLOW_THE_SAME.format(table="response"), REFUSE_ALL.format(table="response")),
        migrations.RunSQL(ALLOW_THE_SAME.format(table="answer"), REFUSE_ALL.format(table="answer")),
        migrations.RunSQL(MIX, "DROP FUNCTION survey_mix(uuid, integer)"),
    ]
