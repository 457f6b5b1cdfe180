from calls.models.call import Answer, Call, CallDocument, CallEvent, CallService, CallTopic
from calls.models.documents import Document, DocumentVersion
from calls.models.drafts import CallDraft
from calls.models.lists import Choice, Occupation, Question, ReferralAgency, Script, Topic

__all__ = [
    "Answer",
    "Call",
    "CallDocument",
    "CallDraft",
    "CallEvent",
    "CallService",
    "CallTopic",
    "Choice",
    "Document",
    "DocumentVersion",
    "Occupation",
    "Question",
    "ReferralAgency",
    "Script",
    "Topic",
]
