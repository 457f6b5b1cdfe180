"""Watches our tables and those of the packages that hold people, groups and their rights."""

from django.db import migrations

from audit.append_only import AppendOnly
from audit.row_changes import Watch

TABLES = """
access_accessgrant access_accessrequest access_accessreview access_course access_objectgrant access_ownerdesignation
access_reviewanswer access_team access_trainingextension access_trainingrecord access_user access_user_groups
access_user_user_permissions auth_group auth_group_permissions
guardian_groupobjectpermission guardian_userobjectpermission mfa_authenticator socialaccount_socialaccount
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0003_courses"),
        ("audit", "0002_sealed_and_in_months"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [AppendOnly("access_registerevent", "register_event"), *(Watch(table) for table in TABLES.split())]
