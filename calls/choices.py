"""Closed lists of the call record that the code branches on."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Direction(TextChoices):
    IN = "in", _("Inbound")
    OUT = "out", _("Outbound")


class CallingFor(TextChoices):
    """R-CAL-06."""

    SELF = "self", _("Themselves")
    EMPLOYER = "employer", _("Employer's need")
    CLIENT = "client", _("A client")
    FAMILY = "family", _("Family")
    UNKNOWN = "unknown", _("Unknown")


class Heard(TextChoices):
    """Whether the caller heard the recording announcement (R-CAL-02)."""

    YES = "yes", _("Announcement heard")
    NO = "no", _("Not heard")
    UNKNOWN = "unknown", _("Not known")


class TopicSource(TextChoices):
    """Whose information answered the question (R-CAL-04)."""

    DEPARTMENT = "department", _("Our department")
    OTHER_GOVERNMENT = "other_government", _("Another government")
    AGENCY = "agency", _("An agency")


class Service(TextChoices):
    """Type of service provided (R-CAL-05)."""

    ANSWERED = "answered", _("Answered by phone")
    EMAILED = "emailed", _("E-mailed")
    FAXED = "faxed", _("Faxed")
    REFERRED = "referred", _("Referred")
    CALL_BACK = "call_back", _("Call-back promised")
    SEMINAR = "seminar", _("Seminar information")
    TRADE_MISSION = "trade_mission", _("Trade mission information")


class FollowUpDecision(TextChoices):
    """R-FUP-01: one of the two is always chosen by a person."""

    NEEDED = "needed", _("Follow-up needed")
    NONE = "none", _("No follow-up action is to be taken")


class SurveyNotice(TextChoices):
    """Whether the client was told about follow-up surveys (R-SRV-01)."""

    GIVEN = "given", _("I said this")
    NOT_POSSIBLE = "not_possible", _("Not possible")
    NOT_FIRST = "not_first", _("Not the first call")


class Interest(TextChoices):
    """R-CAL-10. Interest alone is not consent."""

    INFORMED = "informed", _("Informed")
    INTERESTED = "interested", _("Interested")
    REGISTERED = "registered", _("Registered")


class CallStatus(TextChoices):
    ACTIVE = "active", _("Active")
    VOIDED = "voided", _("Voided")


class EconomicRegion(TextChoices):
    """Alberta's economic regions (Statistics Canada, SGC)."""

    LETHBRIDGE = "4810", "Lethbridge–Medicine Hat"
    CAMROSE = "4820", "Camrose–Drumheller"
    CALGARY = "4830", "Calgary"
    BANFF = "4840", "Banff–Jasper–Rocky Mountain House"
    RED_DEER = "4850", "Red Deer"
    EDMONTON = "4860", "Edmonton"
    ATHABASCA = "4870", "Athabasca–Grande Prairie–Peace River"
    WOOD_BUFFALO = "4880", "Wood Buffalo–Cold Lake"
