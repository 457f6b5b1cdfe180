"""What this app knows of people (R-CON-05); `i2a.personal_data` explains. Answers belong to nobody (INV-19)."""

from django.utils.translation import gettext_lazy as _

from i2a.personal_data import Authority, Kept, NotPersonal, Personal, SeenBy, declare

declare(
    "surveys.Survey",
    _("Survey"),
    not_personal={
        NotPersonal.REFERENCE: "ref",
        NotPersonal.OUR_WORDS: (
            "edition title name_en name_fr intro_en intro_fr called_from called_to categories topics services channels "
            "subject_en text_en subject_fr text_fr send_on send_at remind_after closes_on sent_back_because "
            "ended_because"
        ),
        NotPersonal.STATE: "state listed left_out",
        NotPersonal.TIME: "created_at changed_at asked_at approved_at released_at reminded_at ended_at",
        NotPersonal.WORKING: "list_sha256 version",
    },
)
declare(
    "surveys.Question",
    _("Question of a survey"),
    not_personal={
        NotPersonal.OUR_WORDS: "kind text_en text_fr low_en low_fr high_en high_fr is_required",
        NotPersonal.WORKING: "key position version",
    },
)
declare(
    "surveys.Choice",
    _("Possible answer of a survey"),
    not_personal={NotPersonal.OUR_WORDS: "text_en text_fr", NotPersonal.WORKING: "key position"},
)
declare(
    "surveys.Invitation",
    _("Person on the list of a survey"),
    Personal(
        "email_fingerprint invited_on by_phone reason",
        _("To ask nobody twice in six months, and to prove who was written to and who was not."),
        kept=Kept.PROOF,
        authority=Authority.CONSENT,
    ),
)
declare(
    "surveys.Ticket",
    _("Link of a survey"),
    not_personal={NotPersonal.WORKING: "token_sha256 place", NotPersonal.OUR_WORDS: "channel"},
)
declare(
    "surveys.BallotBox",
    _("Which links of a survey were used"),
    not_personal={NotPersonal.WORKING: "used phone_drawn"},
)
declare(
    "surveys.Response",
    _("Response to a survey"),
    Personal(
        "answered_on channel",
        _("To see how answers change from week to week and differ by direction; whose they are is not kept."),
        kept=Kept.SURVEY,
        seen_by=SeenBy.RESULTS,
        authority=Authority.CONSENT,
    ),
)
declare(
    "surveys.Answer",
    _("Answer to a question of a survey"),
    Personal(
        "number text",
        _("To improve the service; whose they are is not kept. Own words are screened before anybody reads them."),
        kept=Kept.SURVEY,
        seen_by=SeenBy.RESULTS,
        authority=Authority.CONSENT,
    ),
)
declare(
    "surveys.AnswerRelease",
    _("Screened comment of a survey"),
    Personal(
        "words",
        _("The comment without what would say whose it is."),
        kept=Kept.SURVEY,
        seen_by=SeenBy.RESULTS,
        authority=Authority.CONSENT,
    ),
    not_personal={NotPersonal.STATE: "is_released", NotPersonal.TIME: "screened_on"},
)
