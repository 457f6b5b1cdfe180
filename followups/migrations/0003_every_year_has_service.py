from django.db import migrations

# Deferred: hours are replaced row by row, and only the result must have an open day. Without any hours at all the
# system is not set up yet.
CREATE = """
CREATE FUNCTION followups_year_has_service(the_year integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (SELECT FROM followups_servicehours) OR EXISTS (
        SELECT FROM generate_series(make_date(the_year, 1, 1), make_date(the_year, 12, 31), '1 day') AS dates (day)
        LEFT JOIN followups_closedday AS special ON special.day = dates.day::date AND special.is_closed
        WHERE CASE WHEN special.id IS NOT NULL THEN special.opens IS NOT NULL ELSE EXISTS (
            SELECT FROM followups_servicehours AS hours
            WHERE hours.weekday = extract(isodow FROM dates.day)
            AND hours.valid_from = (
                SELECT coalesce(max(valid_from) FILTER (WHERE valid_from <= dates.day::date), min(valid_from))
                FROM followups_servicehours
            )
        ) END
    )
$$;
CREATE FUNCTION followups_check_year() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first_year integer;
BEGIN
    IF TG_TABLE_NAME = 'followups_closedday' THEN
        first_year := extract(year FROM NEW.day);
    ELSIF TG_OP = 'DELETE' THEN
        first_year := extract(year FROM OLD.valid_from);
    ELSE
        first_year := extract(year FROM NEW.valid_from);
    END IF;
    IF NOT followups_year_has_service(first_year) OR NOT followups_year_has_service(first_year + 1) THEN
        RAISE EXCEPTION 'no day of % or the year after would have service', first_year
            USING ERRCODE = 'check_violation', CONSTRAINT = 'calendar_year_has_service';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER calendar_year_has_service AFTER INSERT OR UPDATE ON followups_closedday
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION followups_check_year();
CREATE CONSTRAINT TRIGGER calendar_year_has_service AFTER INSERT OR UPDATE OR DELETE ON followups_servicehours
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION followups_check_year();
"""
DROP = """
DROP TRIGGER calendar_year_has_service ON followups_servicehours;
DROP TRIGGER calendar_year_has_service ON followups_closedday;
DROP FUNCTION followups_check_year();
DROP FUNCTION followups_year_has_service(integer);
"""


class Migration(migrations.Migration):
    dependencies = [("followups", "0002_hours_and_closed_days")]

    operations = [migrations.RunSQL(CREATE, DROP)]
