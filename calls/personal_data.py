"""What this app knows of people (R-CON-05); `i2a.personal_data` explains."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

CALL = Kept.CALL

declare(
    "calls.Call",
    _("Call"),
    Personal(
        "calling_for category third_party_kind category_other", _("To count who asks us, and for whom."), kept=CALL
    ),
    Personal(
        "stat_citizenship stat_origin region_wanted",
        _("To learn which labour markets send and need people."),
        kept=CALL,
    ),
    Personal(
        "future_contact_answer future_contact_reason survey_notice survey_notice_reason",
        _("To prove that they were asked and told."),
        kept=Kept.PROOF,
        authority=Authority.CONSENT,
    ),
    Personal(
        "announcement_heard is_notice_spoken has_objected is_recorded recording_ref recording_purge_on",
        _("To prove that a recorded caller was told, and to find the recording."),
        kept=CALL,
    ),
    not_personal={
        NotPersonal.REFERENCE: "ref",
        NotPersonal.TIME: "started_at ended_at voided_at created_at",
        NotPersonal.STATE: "is_outside_hours direction follow_up_decision status void_reason",
        NotPersonal.WORKING: "version",
    },
)
declare(
    "calls.CallTopic",
    _("What a call was about"),
    Personal("description", _("To answer the question, when the list does not have it."), kept=CALL),
    not_personal={NotPersonal.STATE: "source"},
)
declare("calls.CallService", _("Service provided"), not_personal={NotPersonal.STATE: "service"})
declare(
    "calls.CallEvent",
    _("Event discussed on a call"),
    Personal("interest", _("To count interest; no invitation follows from it."), kept=CALL),
)
declare("calls.Answer", _("Answer to a question of the script"))
declare(
    "calls.CallDraft",
    _("Call while it is typed"),
    Personal("data undo", _("So that nothing half-typed is lost."), kept=Kept.DRAFT, seen_by=SeenBy.OWNER),
    not_personal={
        NotPersonal.WORKING: "contact_version materials_only",
        NotPersonal.TIME: "started_at saved_at expires_at",
    },
)
declare(
    "calls.MissedCall",
    _("Missed call"),
    not_personal={NotPersonal.WORKING: "event_id", NotPersonal.TIME: "at received_at"},
)
declare(
    "calls.RingingCall",
    _("Ringing call"),
    Personal("number", _("To show who calls while it rings."), kept=Kept.RINGING, seen_by=SeenBy.CALLED),
    not_personal={NotPersonal.WORKING: "event_id", NotPersonal.TIME: "at received_at"},
)
LIST = {NotPersonal.OUR_WORDS: "name name_fr is_active position"}
declare(
    "calls.Topic", _("Topic"), not_personal={NotPersonal.OUR_WORDS: "name name_fr is_active position needs_description"}
)
declare("calls.ReferralAgency", _("Government or agency"), not_personal=LIST)
declare(
    "calls.Occupation", _("Occupation"), not_personal={NotPersonal.OUR_WORDS: "name name_fr is_active position code"}
)
declare("calls.Script", _("Script"), not_personal={NotPersonal.OUR_WORDS: "number valid_from"})
declare(
    "calls.Question", _("Question of the script"), not_personal={NotPersonal.OUR_WORDS: "position wording wording_fr"}
)
declare("calls.Choice", _("Choice of an answer"), not_personal={NotPersonal.OUR_WORDS: "position name name_fr"})
declare(
    "calls.Document",
    _("Document"),
    not_personal={NotPersonal.OUR_WORDS: "title language topic source is_active", NotPersonal.WORKING: "version"},
)
declare(
    "calls.DocumentVersion",
    _("Version of a document"),
    not_personal={
        NotPersonal.OUR_WORDS: "number body url review_on file_sha256 file_size wrong_because",
        NotPersonal.TIME: "created_at released_at wrong_at",
    },
)
declare("calls.SentDocument", _("Document that was sent"), not_personal={NotPersonal.TIME: "at"})
declare(
    "calls.Correction",
    _("Correction of a document"),
    not_personal={NotPersonal.OUR_WORDS: "words for_others_because", NotPersonal.TIME: "at"},
)
