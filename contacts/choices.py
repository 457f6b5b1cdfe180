"""Closed lists that the code branches on. Lists that only people read are tables (`i2a.models.Lookup`)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Category(TextChoices):
    """Who calls: exactly these eight (R-CON-02)."""

    FOREIGN_NATIONAL = "foreign_national", _("Foreign national")
    THIRD_PARTY = "third_party", _("Third party")
    INVESTOR = "investor", _("Investor")
    ENTREPRENEUR = "entrepreneur", _("Entrepreneur")
    TEMPORARY_FOREIGN_WORKER = "temporary_foreign_worker", _("Temporary foreign worker")
    EMPLOYER = "employer", _("Employer")
    INTERNATIONAL_STUDENT = "international_student", _("International student")
    OTHER = "other", _("Other")


class ThirdPartyKind(TextChoices):
    LAWYER = "lawyer", _("Lawyer")
    CONSULTANT = "consultant", _("Consultant")
    OTHER = "other", _("Other third party")


class OrganisationType(TextChoices):
    """R-CON-01."""

    LAW_FIRM = "law_firm", _("Law firm")
    CORPORATION = "corporation", _("Corporation")
    INVESTOR = "investor", _("Investor")
    CONSULTANCY = "consultancy", _("Immigration consultancy")
    RECRUITMENT = "recruitment", _("Recruitment agency")
    ASSOCIATION = "association", _("Industry association")
    SETTLEMENT = "settlement", _("Settlement or non-profit agency")
    EDUCATION = "education", _("Educational institution")
    GOVERNMENT = "government", _("Government")
    SELF_EMPLOYED = "self_employed", _("Self-employed")
    NONE = "none", _("None")
    OTHER = "other", _("Other")


class FutureContact(TextChoices):
    NOT_ASKED = "not_asked", _("Not asked")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")


class FutureContactAnswer(TextChoices):
    """What the caller answered today (R-CNS-01). Nothing is ever preselected."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_ASKED = "not_asked", _("Not asked")


class EmailState(TextChoices):
    NONE = "none", _("No e-mail")
    OK = "ok", _("Works as far as we know")
    NOT_WORKING = "not_working", _("Address not working")


class ContactStatus(TextChoices):
    ACTIVE = "active", _("Active")
    MERGED = "merged", _("Merged")
    ANONYMISED = "anonymised", _("Anonymised")


class Sensitivity(TextChoices):
    STANDARD = "standard", _("Standard")
    RESTRICTED = "restricted", _("Restricted")


class Language(TextChoices):
    """Of texts read aloud and mails. Which language a caller prefers is free (ISO 639)."""

    EN = "en", _("English")
    FR = "fr", _("French")


class Purpose(TextChoices):
    """What a caller may agree to be contacted about later. The first three are "future contact" (INV-07)."""

    SEMINAR = "seminar", _("Seminars and workshops")
    TRADE_MISSION = "trade_mission", _("Trade missions")
    GENERAL_INFORMATION = "general_information", _("General information")
    SURVEY = "survey", _("Surveys")


FUTURE_CONTACT_PURPOSES = [Purpose.SEMINAR, Purpose.TRADE_MISSION, Purpose.GENERAL_INFORMATION]


class Channel(TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")


class ConsentStatus(TextChoices):
    GRANTED = "granted", _("Agreed")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNCONFIRMED = "unconfirmed", _("Unconfirmed")
    LEGACY = "legacy", _("From the old system")
    LAPSED = "lapsed", _("Lapsed")  # too long without contact: asked again on the next call
    CANCELLED = "cancelled", _("Entered by mistake")  # corrects a first entry: counts as no answer


class Basis(TextChoices):
    EXPRESS = "express", _("Express")
    IMPLIED = "implied", _("Implied")
    NONE = "none", _("None")


class Source(TextChoices):
    """Where an answer about consent was given."""

    CALL = "call", _("Call")
    CHAT = "chat", _("Chat")
    WEB_LINK = "web_link", _("Web link")
    ONE_CLICK = "one_click", _("One-click unsubscribe")
    EMAIL = "email", _("E-mail")
    FAX = "fax", _("Fax")
    IMPORT = "import", _("Import")
    JOURNAL = "journal", _("Journal of withdrawals")  # replayed after a restored backup


class TextKind(TextChoices):
    """Texts read aloud or shown to callers. Their words are data, with versions."""

    COLLECTION_NOTICE = "collection_notice", _("Collection notice")
    CONSENT_SCRIPT = "consent_script", _("Future contact question")
    CONSENT_RENEWAL = "consent_renewal", _("Future contact question to somebody who agreed before")
    SURVEY_NOTICE = "survey_notice", _("Survey notice")
    ANNOUNCEMENT_WELCOME = "announcement_welcome", _("Welcome announcement")
    ANNOUNCEMENT_RECORDED = "announcement_recorded", _("Recording announcement")
    SENDER_IDENTIFICATION = "sender_identification", _("Sender identification in mails")


class Authority(TextChoices):
    """What shows that one person may act for another (F25)."""

    SIGNED = "signed", _("Signed authorisation")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")
    RETAINER = "retainer", _("Lawyer's retainer")
    STATUTORY = "statutory", _("By law, as parent or guardian")
    OTHER = "other", _("Other")
