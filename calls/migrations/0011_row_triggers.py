"""Watches every table that was there when row triggers came, of all apps up to this one, and of the packages.

A table that came later is watched by the migration that makes it.
"""

from django.db import migrations

from audit.row_changes import Watch
from audit.seal_sql import ServerColumns

TABLES = """
access_accessgrant access_accessrequest access_accessreview access_course access_objectgrant access_ownerdesignation
access_reviewanswer access_team access_trainingextension access_trainingrecord access_user access_user_groups
access_user_user_permissions auth_group auth_group_permissions
guardian_groupobjectpermission guardian_userobjectpermission mfa_authenticator socialaccount_socialaccount
contacts_accessdecision contacts_consentevent contacts_consentstate contacts_contact contacts_contactexport
contacts_contactgroupgrant contacts_contactusergrant contacts_duplicatedecision contacts_duplicatedecision_others
contacts_mergerecord contacts_note contacts_noterevision contacts_openingreason contacts_recordrequest
contacts_representation contacts_savedview contacts_suppression contacts_textversion
outbox_content outbox_message outbox_sendingstate outbox_staffalert
followups_attempt followups_closedday followups_followup followups_pauseperiod followups_servicehours
followups_verification outreach_campaign outreach_event outreach_formentry outreach_registration
calls_answer calls_call calls_callevent calls_callservice calls_calltopic calls_choice calls_correction calls_document
calls_documentversion calls_missedcall calls_occupation calls_question calls_referralagency calls_script
calls_sentdocument calls_topic
"""


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0007_extension"),
        ("audit", "0009_row_changes_and_seal"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("calls", "0010_ringing_calls"),
        ("contacts", "0024_find_unusable_agreements"),
        ("followups", "0010_follow_up_paused"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("outbox", "0015_general_information"),
        ("outreach", "0007_list_is_fixed"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        *(Watch(table) for table in TABLES.split()),
        ServerColumns("contacts_consentevent"),
        ServerColumns("outbox_messageevent"),
    ]
