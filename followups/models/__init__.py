from followups.models.calendar import ClosedDay, ServiceHours
from followups.models.follow_up import FollowUp, FollowUpQuerySet
from followups.models.history import Attempt, PausePeriod
from followups.models.verification import Verification

__all__ = ["Attempt", "ClosedDay", "FollowUp", "FollowUpQuerySet", "PausePeriod", "ServiceHours", "Verification"]
