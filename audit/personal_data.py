"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

PROOF: dict[str, Any] = {"kept": Kept.PROOF, "authority": Authority.SAFEGUARD}

declare(
    "audit.LogEntry",
    _("Change of a record"),
    Personal(
        "changes changes_text serialized_data additional_data", _("To prove what changed; values hidden."), **PROOF
    ),
    Personal("actor_label actor_email remote_addr remote_port", _("To prove who changed it, and from where."), **PROOF),
    not_personal={
        NotPersonal.WORKING: "object_pk object_id object_repr action cid",
        NotPersonal.TIME: "timestamp",
    },
)
declare(
    "audit.AccessEvent",
    _("Opening, search, refusal or sign-in"),
    Personal("actor_label ip", _("To prove who opened what."), seen_by=SeenBy.REGISTER, **PROOF),
    Personal("detail", _("Counts, codes and keyed fingerprints of what was looked up."), **PROOF),
    not_personal={NotPersonal.WORKING: "kind object_type request_id", NotPersonal.TIME: "at"},
)
