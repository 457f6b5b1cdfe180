from django.db import migrations

# Nobody is added to a list that somebody has been asked to approve (R-CMP-02, INV-11), and what they approved does not
# change under them. Asking writes the list while the campaign is still a draft, in one transaction.
CREATE = """
CREATE FUNCTION outreach_list_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added JOIN outreach_campaign AS campaign ON campaign.id = added.campaign_id
        WHERE campaign.state <> 'draft'
    ) THEN
        RAISE EXCEPTION 'nobody is added to the list of a campaign after approval was asked for'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'campaign_list_fixed';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outreach_recipient_fixed AFTER INSERT ON outreach_recipient
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION outreach_list_is_fixed();
CREATE FUNCTION outreach_words_are_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was approved is changed only by making it a draft again'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'campaign_words_fixed';
END $$;
CREATE TRIGGER outreach_campaign_fixed BEFORE UPDATE ON outreach_campaign FOR EACH ROW WHEN (
    NEW.state <> 'draft' AND OLD.state <> 'draft' AND (
        NEW.event_id, NEW.countries, NEW.categories, NEW.languages, NEW.called_since, NEW.subject_en, NEW.text_en,
        NEW.subject_fr, NEW.text_fr, NEW.send_on, NEW.send_at, NEW.listed
    ) IS DISTINCT FROM (
        OLD.event_id, OLD.countries, OLD.categories, OLD.languages, OLD.called_since, OLD.subject_en, OLD.text_en,
        OLD.subject_fr, OLD.text_fr, OLD.send_on, OLD.send_at, OLD.listed
    )
) EXECUTE FUNCTION outreach_words_are_fixed();
CREATE FUNCTION outreach_campaign_began() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a campaign that has begun or ended is no draft again'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'campaign_begun_once';
END $$;
CREATE TRIGGER outreach_campaign_once BEFORE UPDATE OF state, released_at ON outreach_campaign FOR EACH ROW WHEN (
    OLD.released_at IS NOT NULL AND (
        NEW.released_at IS DISTINCT FROM OLD.released_at OR NEW.state IN ('draft', 'asked', 'approved')
    ) OR OLD.state IN ('done', 'cancelled') AND NEW.state <> OLD.state
) EXECUTE FUNCTION outreach_campaign_began();
"""
DROP = """
DROP TRIGGER outreach_campaign_once ON outreach_campaign;
DROP TRIGGER outreach_campaign_fixed ON outreach_campaign;
DROP TRIGGER outreach_recipient_fixed ON outreach_recipient;
DROP FUNCTION outreach_campaign_began();
DROP FUNCTION outreach_words_are_fixed();
DROP FUNCTION outreach_list_is_fixed();
"""


class Migration(migrations.Migration):

    dependencies = [("outreach", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
