"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from contacts.models.contact import ADDRESS_FIELDS
from contacts.reasons import REASONS
from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

CONTACT = Kept.CONTACT
CONSENT: dict[str, Any] = {"authority": Authority.CONSENT, "kept": Kept.PROOF}
FOUND = _("To find the record while the client is on the line.")
DECISION: dict[str, Any] = {"authority": Authority.SAFEGUARD, "kept": Kept.PROOF}

declare(
    "contacts.Contact",
    _("Contact"),
    *(Personal(name, reason, kept=CONTACT) for name, reason in REASONS.items()),
    Personal(
        "phone_ext phone_typed mobile_typed fax_typed", _("To read the number back as it was given."), kept=CONTACT
    ),
    Personal(
        " ".join(ADDRESS_FIELDS),
        _("To post invitations they agreed to."),
        kept=Kept.ADDRESS,
        authority=Authority.CONSENT,
    ),
    Personal(
        "email_fingerprint", _("To keep a withdrawal for an address that was erased."), seen_by=SeenBy.NOBODY, **CONSENT
    ),
    Personal(
        "future_contact do_not_contact do_not_contact_at not_asked_reason",
        _("To respect what they agreed to."),
        **CONSENT,
    ),
    Personal("notice_at", _("To prove that the collection notice was given."), kept=CONTACT),
    Personal("name_folded organisation_folded sort_name words numbers", FOUND, kept=CONTACT, seen_by=SeenBy.NOBODY),
    not_personal={
        NotPersonal.REFERENCE: "ref",
        NotPersonal.STATE: "sensitivity status materials_only email_state",
        NotPersonal.TIME: "created_at updated_at last_activity_at last_call_at",
        NotPersonal.WORKING: "version",
    },
)
declare(
    "contacts.ConsentEvent",
    _("Answer about consent"),
    Personal("purpose channel status basis", _("To contact them only for what they agreed to."), **CONSENT),
    Personal("source source_ref language at", _("To prove how and when it was given."), **CONSENT),
    Personal(
        "email_fingerprint", _("To tie the answer to the address it was given for."), seen_by=SeenBy.NOBODY, **CONSENT
    ),
    Personal("minor_understands", _("To prove that a young client understood; no age is kept."), **CONSENT),
    Personal("correction_reason", _("To explain a corrected entry."), **CONSENT),
)
declare(
    "contacts.ConsentState",
    _("Consent in force"),
    Personal("purpose channel status", _("To contact them only for what they agreed to."), **CONSENT),
)
declare(
    "contacts.UnusableAgreement",
    _("Agreement for which nothing may be sent"),
    Personal("purpose", _("To find those whose address has to be corrected."), **CONSENT),
)
declare(
    "contacts.Suppression",
    _("Address not to write to"),
    Personal("fingerprint purpose", _("To respect a withdrawal when the address is erased."), **CONSENT),
    not_personal={NotPersonal.TIME: "at"},
)
declare(
    "contacts.Note",
    _("Note"),
    not_personal={NotPersonal.TIME: "created_at", NotPersonal.WORKING: "version"},
)
declare(
    "contacts.NoteRevision",
    _("Text of a note"),
    Personal("body", _("Facts needed to serve the client."), kept=CONTACT),
    Personal("override_reason", _("Why a number had to be noted all the same."), kept=CONTACT),
    not_personal={NotPersonal.WORKING: "number", NotPersonal.TIME: "at"},
)
declare(
    "contacts.DuplicateDecision",
    _("Second record on purpose"),
    Personal("reason", _("To know why two records are two people."), kept=CONTACT),
    not_personal={NotPersonal.TIME: "at"},
)
declare(
    "contacts.Representation",
    _("Acting for somebody"),
    Personal(
        "authority authority_other scope starts_on until end_reason",
        _("To know who may ask and answer for whom, and to prove it."),
        kept=CONTACT,
    ),
    not_personal={NotPersonal.TIME: "recorded_at ended_at", NotPersonal.WORKING: "version"},
)
declare("contacts.DuplicateDecision_others", _("Records that were compared"))
declare(
    "contacts.AccessDecision",
    _("Restriction of a record"),
    Personal("reason", _("To prove why a record was restricted or moved."), **DECISION),
    not_personal={NotPersonal.STATE: "sensitivity_before sensitivity", NotPersonal.TIME: "at"},
)
declare(
    "contacts.RecordRequest",
    _("Request for access"),
    Personal("reason source_ref answer", _("To decide whether somebody needs the record."), **DECISION),
    not_personal={NotPersonal.STATE: "kind status", NotPersonal.TIME: "asked_at answered_at"},
)
declare(
    "contacts.OpeningReason",
    _("Reason for opening a record"),
    Personal("purpose words", _("To prove why somebody without a work item opened the record."), **DECISION),
    not_personal={NotPersonal.TIME: "at"},
)
declare(
    "contacts.ContactExport",
    _("Export of contacts"),
    Personal("reason query row_count sha256", _("To prove who took which list, and why."), **DECISION),
    not_personal={NotPersonal.REFERENCE: "ref", NotPersonal.TIME: "at"},
)
declare(
    "contacts.SavedView",
    _("Saved view of the list"),
    not_personal={
        NotPersonal.OUR_WORDS: "name query position is_default",
        NotPersonal.TIME: "created_at",
        NotPersonal.WORKING: "version",
    },
)
declare("contacts.ContactUserGrant", _("Access of a person to a contact"))
declare("contacts.ContactGroupGrant", _("Access of a team to a contact"))
declare(
    "contacts.TextVersion",
    _("Words read aloud"),
    not_personal={NotPersonal.OUR_WORDS: "kind language number body", NotPersonal.TIME: "valid_from"},
)
declare(
    "contacts.MergeRecord",
    _("Merge of two records"),
    not_personal={NotPersonal.WORKING: "moved", NotPersonal.TIME: "at"},
)
declare(
    "contacts.MergeSnapshot",
    _("Values kept to undo a merge"),
    Personal("data", _("To put both records back if the merge was wrong."), kept=Kept.UNDO, seen_by=SeenBy.NOBODY),
    not_personal={NotPersonal.TIME: "expires_at"},
)
declare(
    "contacts.FormerKey",
    _("Number or address before a merge"),
    Personal(
        "fingerprint", _("To find the record by the number or address it had."), kept=CONTACT, seen_by=SeenBy.NOBODY
    ),
)
declare(
    "contacts.NameWord",
    _("Word of a name"),
    Personal("word skeleton", FOUND, kept=CONTACT, seen_by=SeenBy.NOBODY),
)
