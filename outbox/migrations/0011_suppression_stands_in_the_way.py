from django.db import migrations

# As in 0007, and further: the address was not withdrawn since, and a minor understood the question (R-CNS-06, R-CNS-07).
FUNCTION = """
CREATE OR REPLACE FUNCTION outbox_rests_on_live_consent(message outbox_message) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM contacts_consentstate AS state
        JOIN contacts_consentevent AS event ON event.id = state.event_id
        JOIN contacts_contact AS contact ON contact.id = state.contact_id
        WHERE state.contact_id = message.contact_id AND state.purpose = message.kind AND state.channel = 'email'
            AND state.status = 'granted' AND state.event_id = message.consent_event_id
            AND event.text_version_id = message.text_version_id
            AND event.email_fingerprint = contact.email_fingerprint AND contact.email = message.to_email
            AND contact.status = 'active' AND NOT contact.do_not_contact{further}
    )
$$
"""
FURTHER = """
            AND event.minor_understands IS NOT FALSE AND NOT EXISTS (
                SELECT FROM contacts_suppression AS stop
                WHERE stop.fingerprint = contact.email_fingerprint AND stop.purpose IN (state.purpose, '')
                    AND stop.at >= event.at
            )"""


class Migration(migrations.Migration):

    dependencies = [("contacts", "0018_fill_suppressions"), ("outbox", "0010_fewer_indexes")]

    operations = [migrations.RunSQL(FUNCTION.format(further=FURTHER), FUNCTION.format(further=""))]
