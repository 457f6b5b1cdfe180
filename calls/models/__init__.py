from calls.models.call import Answer, Call, CallEvent, CallService, CallTopic
from calls.models.documents import Correction, Document, DocumentVersion, SentDocument
from calls.models.drafts import CallDraft
from calls.models.lists import Choice, Occupation, Question, ReferralAgency, Script, Topic
from calls.models.phone import MissedCall, RingingCall

__all__ = [
    "Answer",
    "Call",
    "CallDraft",
    "CallEvent",
    "CallService",
    "CallTopic",
    "Choice",
    "Correction",
    "Document",
    "DocumentVersion",
    "MissedCall",
    "Occupation",
    "Question",
    "ReferralAgency",
    "RingingCall",
    "Script",
    "SentDocument",
    "Topic",
]
