"""Rows for tests. Write in the test what the test is about; the rest comes from here.

One module per app, lowest layer first. Situations are traits (`agrees_to_email=True`), not subclasses.
"""

from tests.factories.access import (
    FAR_AHEAD,
    PASSWORD,
    TOTP_SECRET,
    AccessGrantFactory,
    AccessRequestFactory,
    TeamFactory,
    TrainingRecordFactory,
    UserFactory,
)
from tests.factories.calls import PDF, CallFactory, DocumentFactory, DocumentVersionFactory, SentDocumentFactory
from tests.factories.contacts import (
    ContactFactory,
    NoteFactory,
    RepresentationFactory,
    TextVersionFactory,
    answer_about_future_contact,
    let_in,
    says_why,
)
from tests.factories.followups import FollowUpFactory
from tests.factories.long_ago import LONG_AGO
from tests.factories.outbox import ContentFactory, MessageFactory
from tests.factories.outreach import CampaignFactory, EventFactory, FormEntryFactory, RegistrationFactory
from tests.factories.surveys import ChoiceFactory, InvitationFactory, QuestionFactory, SurveyFactory

__all__ = [
    "FAR_AHEAD",
    "LONG_AGO",
    "PASSWORD",
    "PDF",
    "TOTP_SECRET",
    "AccessGrantFactory",
    "AccessRequestFactory",
    "CallFactory",
    "CampaignFactory",
    "ChoiceFactory",
    "ContactFactory",
    "ContentFactory",
    "DocumentFactory",
    "DocumentVersionFactory",
    "EventFactory",
    "FollowUpFactory",
    "FormEntryFactory",
    "InvitationFactory",
    "MessageFactory",
    "NoteFactory",
    "QuestionFactory",
    "RegistrationFactory",
    "RepresentationFactory",
    "SentDocumentFactory",
    "SurveyFactory",
    "TeamFactory",
    "TextVersionFactory",
    "TrainingRecordFactory",
    "UserFactory",
    "answer_about_future_contact",
    "let_in",
    "says_why",
]
