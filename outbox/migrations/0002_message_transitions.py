from django.db import migrations

# What outbox.states.TRANSITIONS says, for raw SQL too. A test compares the two.
# Only what somebody asked for is ever sent a second time by the machine.
CREATE = """
CREATE FUNCTION outbox_check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.uid <> OLD.uid OR NEW.message_id <> OLD.message_id OR NEW.kind <> OLD.kind OR NEW.content_id <> OLD.content_id THEN
        RAISE EXCEPTION 'what a message is and says is fixed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_identity_fixed';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('queued', 'claimed'), ('queued', 'cancelled'), ('queued', 'withheld'),
        ('claimed', 'queued'), ('claimed', 'sending'), ('claimed', 'withheld'), ('claimed', 'failed'),
        ('sending', 'queued'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'ambiguous'),
        ('ambiguous', 'queued'), ('ambiguous', 'sent'), ('sent', 'bounced'), ('ambiguous', 'bounced')
    ) AND NOT (OLD.state = 'sent' AND NEW.state = 'queued' AND NEW.kind = 'information') THEN
        RAISE EXCEPTION 'a message cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_transition_allowed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outbox_message_transition BEFORE UPDATE ON outbox_message
    FOR EACH ROW EXECUTE FUNCTION outbox_check_transition();
"""
DROP = """
DROP TRIGGER outbox_message_transition ON outbox_message;
DROP FUNCTION outbox_check_transition();
"""


class Migration(migrations.Migration):

    dependencies = [("outbox", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
