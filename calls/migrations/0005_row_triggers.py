from django.db import migrations

from audit.append_only import AppendOnly
from audit.row_changes import Watch

TABLES = """
calls_answer calls_call calls_callevent calls_callservice calls_calltopic calls_choice calls_correction calls_document
calls_documentversion calls_missedcall calls_occupation calls_question calls_referralagency calls_script
calls_sentdocument calls_topic
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sealed_and_in_months"), ("calls", "0004_document_versions_stay")]

    operations = [AppendOnly("calls_sentdocument", "sent_document"), *(Watch(table) for table in TABLES.split())]
