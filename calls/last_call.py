"""`Contact.last_call_at` follows the calls, however they are written: saved, voided, moved by a merge, copied in bulk.

The newest call that is not voided; and no contact was active later than its last call says.
"""

CREATE = """
CREATE FUNCTION remember_last_call() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT contact_id FROM new_rows WHERE contact_id IS NOT NULL);
    ELSE
        touched := ARRAY(
            SELECT DISTINCT contact_id FROM (
                SELECT unnest(ARRAY[n.contact_id, o.contact_id]) AS contact_id FROM new_rows AS n JOIN old_rows AS o USING (id)
                WHERE (n.contact_id, n.status, n.started_at) IS DISTINCT FROM (o.contact_id, o.status, o.started_at)
            ) AS changed WHERE contact_id IS NOT NULL
        );
    END IF;
    UPDATE contacts_contact AS contact
    SET last_call_at = latest.at, last_activity_at = GREATEST(contact.last_activity_at, latest.at)
    FROM unnest(touched) AS caller (id) CROSS JOIN LATERAL (
        SELECT max(started_at) AS at FROM calls_call WHERE contact_id = caller.id AND status = 'active'
    ) AS latest
    WHERE contact.id = caller.id AND contact.last_call_at IS DISTINCT FROM latest.at;
    RETURN NULL;
END $$;
CREATE TRIGGER calls_call_remember_new AFTER INSERT ON calls_call
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION remember_last_call();
CREATE TRIGGER calls_call_remember_changed AFTER UPDATE ON calls_call
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION remember_last_call();
"""  # noqa: E501
DROP = """
DROP TRIGGER calls_call_remember_changed ON calls_call;
DROP TRIGGER calls_call_remember_new ON calls_call;
DROP FUNCTION remember_last_call();
"""
