from django.db import migrations

# N1: a promotional message rests on a live agreement, given for this purpose and this address. Asked when it is made
# (once per statement: a mailing has thousands of rows) and when it begins to leave, for raw SQL too. Not asked at
# `sent`: by then it has left (T-10). The address was not withdrawn since, and a minor understood the question
# (R-CNS-06, R-CNS-07).
CREATE = """
CREATE FUNCTION outbox_rests_on_live_consent(message outbox_message) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM contacts_consentstate AS state
        JOIN contacts_consentevent AS event ON event.id = state.event_id
        JOIN contacts_contact AS contact ON contact.id = state.contact_id
        WHERE state.contact_id = message.contact_id AND state.purpose = message.kind AND state.channel = 'email'
            AND state.status = 'granted' AND state.event_id = message.consent_event_id
            AND event.text_version_id = message.text_version_id
            AND event.email_fingerprint = contact.email_fingerprint AND contact.email = message.to_email
            AND contact.status = 'active' AND NOT contact.do_not_contact
            AND event.minor_understands IS NOT FALSE AND NOT EXISTS (
                SELECT FROM contacts_suppression AS stop
                WHERE stop.fingerprint = contact.email_fingerprint AND stop.purpose IN (state.purpose, '')
                    AND stop.at >= event.at
            )
    )
$$;
CREATE FUNCTION outbox_refuse_unproven() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a promotional message needs a live agreement for its purpose and address'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_rests_on_live_consent';
END $$;
CREATE FUNCTION outbox_check_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added WHERE kind <> 'information' AND NOT outbox_rests_on_live_consent(added::outbox_message)
    ) THEN
        PERFORM outbox_refuse_unproven();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_message_proof AFTER INSERT ON outbox_message
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION outbox_check_new();
CREATE FUNCTION outbox_check_leaving() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'information' AND NOT outbox_rests_on_live_consent(NEW) THEN
        PERFORM outbox_refuse_unproven();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outbox_message_leaving BEFORE UPDATE OF state ON outbox_message
    FOR EACH ROW WHEN (NEW.state = 'sending' AND OLD.state <> 'sending') EXECUTE FUNCTION outbox_check_leaving();
CREATE FUNCTION outbox_keep_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the agreement a message rests on is fixed'
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'message_proof_fixed';
END $$;
CREATE TRIGGER outbox_message_keep_proof BEFORE UPDATE OF consent_event_id, text_version_id ON outbox_message
    FOR EACH ROW
    WHEN ((NEW.consent_event_id, NEW.text_version_id) IS DISTINCT FROM (OLD.consent_event_id, OLD.text_version_id))
    EXECUTE FUNCTION outbox_keep_proof();
"""
DROP = """
DROP TRIGGER outbox_message_keep_proof ON outbox_message;
DROP TRIGGER outbox_message_leaving ON outbox_message;
DROP TRIGGER outbox_message_proof ON outbox_message;
DROP FUNCTION outbox_keep_proof();
DROP FUNCTION outbox_check_leaving();
DROP FUNCTION outbox_check_new();
DROP FUNCTION outbox_refuse_unproven();
DROP FUNCTION outbox_rests_on_live_consent(outbox_message);
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0002_message_transitions")]

    operations = [migrations.RunSQL(CREATE, DROP)]
