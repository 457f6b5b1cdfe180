"""Who may: people, teams, the roles they hold for a time, their training, and the register of all that."""

import access.models.sign_in as sign_in
from access.models.grants import AccessGrant, AccessGrantQuerySet, AccessRequest, OwnerDesignation
from access.models.object_grants import ObjectGrant, ObjectGrantQuerySet, in_force
from access.models.people import Team, User
from access.models.register import DriftReport, RegisterEvent
from access.models.reviews import AccessReview, ReviewAnswer
from access.models.training import Course, TrainingExtension, TrainingRecord, TrainingReminder

__all__ = [
    "AccessGrant",
    "AccessGrantQuerySet",
    "AccessRequest",
    "AccessReview",
    "Course",
    "DriftReport",
    "ObjectGrant",
    "ObjectGrantQuerySet",
    "OwnerDesignation",
    "RegisterEvent",
    "ReviewAnswer",
    "Team",
    "TrainingExtension",
    "TrainingRecord",
    "TrainingReminder",
    "User",
    "in_force",
    "sign_in",
]
