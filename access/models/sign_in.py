"""In our history of changes: that django-allauth keeps a second step for somebody, never its secret."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from audit.registry import auditlog

auditlog.register(SocialAccount, include_fields=["user", "provider"])
auditlog.register(Authenticator, include_fields=["user", "type"])
