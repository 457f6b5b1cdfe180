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
declare(
    "audit.RowChange",
    _("Change of a row, as the database saw it"),
    Personal("actor_label", _("To prove who changed it."), **PROOF),
    not_personal={NotPersonal.WORKING: "txid table_name key operation columns request_id", NotPersonal.TIME: "at"},
)
declare(
    "audit.Stretch",
    _("What the seals cover"),
    not_personal={NotPersonal.WORKING: "number cluster columns above is_restored", NotPersonal.TIME: "at"},
)
declare(
    "audit.Seal",
    _("Seal over the history"),
    not_personal={
        NotPersonal.WORKING: "number from_txid to_txid parts last_ids previous digest",
        NotPersonal.TIME: "at",
    },
)
declare(
    "audit.Check",
    _("Check of the history"),
    Personal("actor_label", _("To know who had it checked."), **PROOF),
    not_personal={NotPersonal.WORKING: "kind is_sound upto seconds detail", NotPersonal.TIME: "at"},
)
declare(
    "audit.Disposal",
    _("Month of the history that is past its time"),
    not_personal={
        NotPersonal.WORKING: "table_name rows months upto left_rows left_digest",
        NotPersonal.TIME: "begins ends at",
    },
)
declare(
    "audit.Discrepancy",
    _("Change that the history does not explain"),
    Personal("actor_label", _("To prove who changed it."), **PROOF),
    not_personal={
        NotPersonal.WORKING: "kind table_name operation columns rows keys",
        NotPersonal.TIME: "first_at last_at",
    },
)
declare(
    "audit.SavedReport",
    _("Saved audit report"),
    Personal("name", _("To find one's own report again."), kept=Kept.STAFF, seen_by=SeenBy.OWNER),
    not_personal={NotPersonal.OUR_WORDS: "query", NotPersonal.TIME: "created_at"},
)
declare(
    "audit.AuditExport",
    _("Exported audit report"),
    Personal("reason", _("To prove why the file was needed."), seen_by=SeenBy.REGISTER, **PROOF),
    not_personal={
        NotPersonal.REFERENCE: "ref",
        NotPersonal.TIME: "at",
        NotPersonal.WORKING: "query row_count sha256",
    },
)
declare(
    "audit.ReviewItem",
    _("Reading to review"),
    Personal("explanation", _("To explain unusual reading of records."), seen_by=SeenBy.REGISTER, **PROOF),
    not_personal={
        NotPersonal.STATE: "rule is_urgent finding",
        NotPersonal.TIME: "since until picked_at found_at signed_at",
        NotPersonal.WORKING: "key count reads",
    },
)
