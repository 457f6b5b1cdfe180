"""What the database itself keeps true between a contact and its ledger, at the end of every transaction."""

# INV-07: "agreed" stands on the contact exactly while a purpose of future contact is granted or unconfirmed, so that an
# address (INV-01) cannot outlive its agreement. N4: an agreement by e-mail is in force for today's address only.
AGREEMENT_RULES = """
CREATE FUNCTION check_agreement(of bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    contact contacts_contact;
BEGIN
    SELECT * INTO contact FROM contacts_contact WHERE id = of;
    IF NOT FOUND OR contact.status <> 'active' THEN
        RETURN;
    END IF;
    IF (contact.future_contact = 'agreed') <> EXISTS (
        SELECT FROM contacts_consentstate AS state WHERE state.contact_id = of
            AND state.purpose IN ('seminar', 'trade_mission', 'general_information')
            AND state.status IN ('granted', 'unconfirmed', 'legacy')
    ) THEN
        RAISE EXCEPTION 'future contact is agreed exactly while the ledger says so'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'contact_agreed_as_the_ledger_says';
    END IF;
    IF EXISTS (
        SELECT FROM contacts_consentstate AS state JOIN contacts_consentevent AS event ON event.id = state.event_id
        WHERE state.contact_id = of AND state.channel = 'email' AND state.status = 'granted'
            AND event.email_fingerprint <> contact.email_fingerprint
    ) THEN
        RAISE EXCEPTION 'an agreement by e-mail is for the address it was given for'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'consent_follows_the_address';
    END IF;
END $$;
CREATE FUNCTION check_agreement_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_agreement(NEW.id);
    RETURN NULL;
END $$;
CREATE FUNCTION check_agreement_of_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_agreement(NEW.contact_id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER contact_agreement_new AFTER INSERT ON contacts_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.future_contact = 'agreed')
    EXECUTE FUNCTION check_agreement_of_contact();
CREATE CONSTRAINT TRIGGER contact_agreement
    AFTER UPDATE OF future_contact, email_fingerprint, status ON contacts_contact
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (
        (NEW.future_contact, NEW.email_fingerprint, NEW.status)
        IS DISTINCT FROM (OLD.future_contact, OLD.email_fingerprint, OLD.status)
    ) EXECUTE FUNCTION check_agreement_of_contact();
CREATE CONSTRAINT TRIGGER consent_state_agreement AFTER INSERT OR UPDATE ON contacts_consentstate
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_agreement_of_state();
"""
DROP_AGREEMENT_RULES = """
DROP TRIGGER consent_state_agreement ON contacts_consentstate;
DROP TRIGGER contact_agreement ON contacts_contact;
DROP TRIGGER contact_agreement_new ON contacts_contact;
DROP FUNCTION check_agreement_of_state();
DROP FUNCTION check_agreement_of_contact();
DROP FUNCTION check_agreement(bigint);
"""
