"""Who agreed to something and can be sent nothing about it: kept by the database, so that the list need not look at all
who agreed."""

from django.db import models

from contacts.choices import Purpose
from contacts.models.contact import Contact

ANY_PURPOSE = ""  # of future contact


class UnusableAgreement(models.Model):
    """`contact` agreed to `purpose`, and the gate lets nothing out for it. Written by triggers only."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "purpose"], name="unusable_agreement_once"),
        ]
        indexes = [models.Index(fields=["purpose", "contact"], name="unusable_agreement_about")]

    def __str__(self) -> str:
        return f"{self.purpose or 'future contact'} unusable (#{self.pk})"


# `contacts.gate.verdict` as SQL, for an agreement by any channel; a test compares them.
KEEP_UNUSABLE = """
CREATE FUNCTION keep_unusable_agreements(people bigint[]) RETURNS void LANGUAGE sql AS $$
    WITH unusable AS (
        SELECT contact.id AS contact_id, about.purpose
        FROM contacts_contact AS contact, unnest(
            ARRAY['', 'seminar', 'trade_mission', 'general_information', 'survey']
        ) AS about (purpose)
        WHERE contact.id = ANY(people) AND contact.status = 'active' AND NOT contact.do_not_contact
            AND CASE WHEN about.purpose = '' THEN contact.future_contact = 'agreed' ELSE EXISTS (
                SELECT FROM contacts_consentstate AS state
                WHERE state.contact_id = contact.id AND state.purpose = about.purpose
                    AND state.status IN ('granted', 'unconfirmed', 'legacy')
            ) END
            AND NOT EXISTS (
                SELECT FROM contacts_consentstate AS state
                JOIN contacts_consentevent AS event ON event.id = state.event_id
                WHERE state.contact_id = contact.id AND state.status = 'granted'
                    AND CASE about.purpose WHEN '' THEN state.purpose <> 'survey' ELSE state.purpose = about.purpose END
                    AND event.minor_understands IS NOT FALSE
                    AND (state.channel = 'phone' OR (
                        contact.email <> '' AND contact.email_state <> 'not_working'
                        AND event.email_fingerprint = contact.email_fingerprint
                        AND NOT EXISTS (
                            SELECT FROM contacts_suppression AS stop
                            WHERE stop.fingerprint = event.email_fingerprint
                                AND stop.purpose IN (state.purpose, '') AND stop.at >= event.at
                        )
                    ))
            )
    ), over AS (
        DELETE FROM contacts_unusableagreement AS kept WHERE kept.contact_id = ANY(people) AND NOT EXISTS (
            SELECT FROM unusable WHERE unusable.contact_id = kept.contact_id AND unusable.purpose = kept.purpose
        )
    )
    INSERT INTO contacts_unusableagreement (contact_id, purpose) SELECT contact_id, purpose FROM unusable
    ON CONFLICT DO NOTHING
$$;
CREATE FUNCTION keep_unusable_agreements_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_unusable_agreements(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION keep_unusable_agreements_of_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_unusable_agreements(ARRAY[NEW.contact_id]);
    RETURN NULL;
END $$;
CREATE FUNCTION keep_unusable_agreements_of_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM keep_unusable_agreements(
        ARRAY(SELECT id FROM contacts_contact WHERE email_fingerprint = NEW.fingerprint ORDER BY id)
    );
    RETURN NULL;
END $$;
CREATE TRIGGER contact_unusable_new AFTER INSERT ON contacts_contact
    FOR EACH ROW WHEN (NEW.future_contact = 'agreed') EXECUTE FUNCTION keep_unusable_agreements_of_contact();
CREATE TRIGGER contact_unusable
    AFTER UPDATE OF future_contact, do_not_contact, email, email_state, email_fingerprint, status ON contacts_contact
    FOR EACH ROW WHEN (
        (NEW.future_contact, NEW.do_not_contact, NEW.email, NEW.email_state, NEW.email_fingerprint, NEW.status)
        IS DISTINCT FROM
        (OLD.future_contact, OLD.do_not_contact, OLD.email, OLD.email_state, OLD.email_fingerprint, OLD.status)
    ) EXECUTE FUNCTION keep_unusable_agreements_of_contact();
CREATE TRIGGER consent_state_unusable AFTER INSERT OR UPDATE ON contacts_consentstate
    FOR EACH ROW EXECUTE FUNCTION keep_unusable_agreements_of_state();
CREATE TRIGGER suppression_unusable AFTER INSERT ON contacts_suppression
    FOR EACH ROW EXECUTE FUNCTION keep_unusable_agreements_of_address();
"""
DROP_UNUSABLE = """
DROP TRIGGER suppression_unusable ON contacts_suppression;
DROP TRIGGER consent_state_unusable ON contacts_consentstate;
DROP TRIGGER contact_unusable ON contacts_contact;
DROP TRIGGER contact_unusable_new ON contacts_contact;
DROP FUNCTION keep_unusable_agreements_of_address();
DROP FUNCTION keep_unusable_agreements_of_state();
DROP FUNCTION keep_unusable_agreements_of_contact();
DROP FUNCTION keep_unusable_agreements(bigint[]);
"""
