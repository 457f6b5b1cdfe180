from django.db import migrations

# As for campaigns (outreach 0002): nobody is added to a list that somebody has been asked to approve, and what they
# approved does not change under them. Who is asked by phone comes later.
CREATE = """
CREATE FUNCTION surveys_list_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added JOIN surveys_survey AS survey ON survey.id = added.survey_id
        WHERE survey.state <> 'draft' AND survey.released_at IS NULL
    ) THEN
        RAISE EXCEPTION 'nobody is added to the list of a survey after approval was asked for'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'survey_list_fixed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER surveys_invitation_fixed AFTER INSERT ON surveys_invitation
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION surveys_list_is_fixed();
CREATE FUNCTION surveys_words_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was approved is changed only by making it a draft again'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'survey_words_fixed';
END $$;
CREATE TRIGGER surveys_survey_fixed BEFORE UPDATE ON surveys_survey FOR EACH ROW WHEN (
    NEW.state <> 'draft' AND OLD.state <> 'draft' AND (
        NEW.called_from, NEW.called_to, NEW.categories, NEW.topics, NEW.services, NEW.channels, NEW.subject_en,
        NEW.text_en, NEW.subject_fr, NEW.text_fr, NEW.send_on, NEW.send_at, NEW.remind_after, NEW.closes_on, NEW.listed
    ) IS DISTINCT FROM (
        OLD.called_from, OLD.called_to, OLD.categories, OLD.topics, OLD.services, OLD.channels, OLD.subject_en,
        OLD.text_en, OLD.subject_fr, OLD.text_fr, OLD.send_on, OLD.send_at, OLD.remind_after, OLD.closes_on, OLD.listed
    )
) EXECUTE FUNCTION surveys_words_are_fixed();
CREATE FUNCTION surveys_survey_began() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a survey that has opened or ended is no draft again'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'survey_begun_once';
END $$;
CREATE TRIGGER surveys_survey_once BEFORE UPDATE OF state, released_at ON surveys_survey FOR EACH ROW WHEN (
    OLD.released_at IS NOT NULL AND (
        NEW.released_at IS DISTINCT FROM OLD.released_at OR NEW.state IN ('draft', 'asked', 'approved')
    ) OR OLD.state IN ('closed', 'cancelled') AND NEW.state <> OLD.state
) EXECUTE FUNCTION surveys_survey_began();
"""
DROP = """
DROP TRIGGER surveys_survey_once ON surveys_survey;
DROP TRIGGER surveys_survey_fixed ON surveys_survey;
DROP TRIGGER surveys_invitation_fixed ON surveys_invitation;
DROP FUNCTION surveys_survey_began();
DROP FUNCTION surveys_words_are_fixed();
DROP FUNCTION surveys_list_is_fixed();
"""


class Migration(migrations.Migration):

    dependencies = [("surveys", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
