from followups.models.calendar import ClosedDay, ServiceHours
from followups.models.follow_up import FollowUp, FollowUpQuerySet
from followups.models.history import Attempt, PausePeriod

__all__ = ["Attempt", "ClosedDay", "FollowUp", "FollowUpQuerySet", "PausePeriod", "ServiceHours"]
