from django.db import migrations

from audit.append_only import AppendOnly
from audit.row_changes import Watch
from audit.seal_sql import ServerColumns
from contacts.dictionary import CREATE_DICTIONARY, DROP_DICTIONARY
from contacts.models.agreement_rules import AGREEMENT_RULES, DROP_AGREEMENT_RULES
from contacts.models.consents import DERIVE_STATE, DROP_DERIVE_STATE
from contacts.models.merging import DROP_NEVER_RAISE, NEVER_RAISE
from contacts.models.suppression import DROP_SUPPRESS, SUPPRESS
from contacts.models.unusable import DROP_UNUSABLE, KEEP_UNUSABLE

TABLES = """
contacts_accessdecision contacts_consentevent contacts_consentstate contacts_contact contacts_contactexport
contacts_contactgroupgrant contacts_contactusergrant contacts_duplicatedecision contacts_duplicatedecision_others
contacts_mergerecord contacts_note contacts_noterevision contacts_openingreason contacts_recordrequest
contacts_representation contacts_savedview contacts_suppression contacts_textversion
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_and_in_months"), ("contacts", "0003_reference_texts")]

    operations = [
        migrations.RunSQL(CREATE_DICTIONARY, DROP_DICTIONARY),
        migrations.RunSQL(DERIVE_STATE, DROP_DERIVE_STATE),
        migrations.RunSQL(SUPPRESS, DROP_SUPPRESS),
        migrations.RunSQL(NEVER_RAISE, DROP_NEVER_RAISE),
        migrations.RunSQL(AGREEMENT_RULES, DROP_AGREEMENT_RULES),
        migrations.RunSQL(KEEP_UNUSABLE, DROP_UNUSABLE),
        AppendOnly("contacts_consentevent", "consent_event"),
        AppendOnly("contacts_noterevision", "note_revision"),
        AppendOnly("contacts_contactexport", "contact_export"),
        AppendOnly("contacts_accessdecision", "access_decision"),
        AppendOnly("contacts_mergerecord", "merge_record"),
        AppendOnly("contacts_suppression", "suppression"),
        AppendOnly("contacts_openingreason", "opening_reason"),
        *(Watch(table) for table in TABLES.split()),
        ServerColumns("contacts_consentevent"),
    ]
