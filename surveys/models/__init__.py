from surveys.models.ballots import Answer, AnswerRelease, BallotBox, Response, Ticket
from surveys.models.invitations import Invitation
from surveys.models.questions import Choice, Question
from surveys.models.surveys import Survey

__all__ = [
    "Answer",
    "AnswerRelease",
    "BallotBox",
    "Choice",
    "Invitation",
    "Question",
    "Response",
    "Survey",
    "Ticket",
]
