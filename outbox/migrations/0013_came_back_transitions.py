from django.db import migrations

# What outbox.states.TRANSITIONS says, for raw SQL too. A test compares the two. New: mail that came back.
FUNCTION = """
CREATE OR REPLACE FUNCTION outbox_check_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.uid <> OLD.uid OR NEW.message_id <> OLD.message_id OR NEW.kind <> OLD.kind OR NEW.content_id <> OLD.content_id THEN
        RAISE EXCEPTION 'what a message is and says is fixed'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_identity_fixed';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('queued', 'claimed'), ('queued', 'cancelled'), ('queued', 'withheld'),
        ('claimed', 'queued'), ('claimed', 'sending'), ('claimed', 'withheld'), ('claimed', 'failed'),
        ('sending', 'queued'), ('sending', 'sent'), ('sending', 'failed'), ('sending', 'ambiguous'),
        ('ambiguous', 'queued'), ('ambiguous', 'sent')%s
    ) %sTHEN
        RAISE EXCEPTION 'a message cannot go from %% to %%', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_transition_allowed';
    END IF;
    RETURN NEW;
END $$;
"""
# Only what somebody asked for is ever sent a second time by the machine.
AGAIN = "AND NOT (OLD.state = 'sent' AND NEW.state = 'queued' AND NEW.kind = 'information') "
NEW = FUNCTION % (", ('sent', 'bounced'), ('ambiguous', 'bounced')", AGAIN)
OLD = FUNCTION % ("", "")


class Migration(migrations.Migration):

    dependencies = [("outbox", "0012_came_back")]

    operations = [migrations.RunSQL(NEW, OLD)]
