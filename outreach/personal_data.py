"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

declare(
    "outreach.Event",
    _("Event"),
    not_personal={
        NotPersonal.OUR_WORDS: (
            "kind title about languages place countries region zone seats link contact_point public_form "
            "cancelled_because"
        ),
        NotPersonal.TIME: "starts_at ends_at cancelled_at created_at",
        NotPersonal.WORKING: "link_token version",
    },
)
declare(
    "outreach.Registration",
    _("Registration for an event"),
    Personal("state attendance", _("To keep a seat for them, and to know who came."), kept=Kept.CONTACT),
    not_personal={
        NotPersonal.TIME: "registered_at moved_up_at told_at cancelled_at attendance_at",
        NotPersonal.STATE: "from_form",
    },
)
declare(
    "outreach.FormEntry",
    _("Registration on a public form"),
    Personal(
        "name email phone phone_typed",
        _("To keep a seat for them and to tell them of changes, until a colleague knows who it is."),
        kept=Kept.EVENT,
        seen_by=SeenBy.REGISTERS,
    ),
    Personal("language", _("To answer in their language."), kept=Kept.EVENT, seen_by=SeenBy.REGISTERS),
    not_personal={NotPersonal.REFERENCE: "ref"},
)
declare(
    "outreach.Campaign",
    _("Campaign"),
    not_personal={
        NotPersonal.REFERENCE: "ref",
        NotPersonal.OUR_WORDS: (
            "title countries categories languages called_since subject_en text_en subject_fr text_fr send_on send_at "
            "sent_back_because ended_because"
        ),
        NotPersonal.STATE: "state listed left_out",
        NotPersonal.TIME: "created_at changed_at asked_at approved_at released_at ended_at",
        NotPersonal.WORKING: "list_sha256 version",
    },
)
declare(
    "outreach.Recipient",
    _("Person on the list of a campaign"),
    Personal(
        "email_fingerprint reason",
        _("To write once to each address, and to prove who was written to and who was not."),
        kept=Kept.PROOF,
        authority=Authority.CONSENT,
    ),
)
