"""The only place that knows every app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from calls.views.home import home
from calls.views.phone import events as phone_events
from contacts.views.dictionary import data_dictionary
from contacts.views.privacy import privacy_notice
from i2a import views
from outbox.public import unsubscribe
from outreach.public_views import register
from surveys.public_views import answer_survey

handler403 = "i2a.views.permission_denied"
handler500 = "audit.middleware.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("", include("access.sign_in_urls")),
    path("privacy/", privacy_notice, name="privacy"),
    path("privacy/register/data-dictionary/", data_dictionary, name="data_dictionary"),
    path("unsubscribe/", unsubscribe, name="unsubscribe"),
    path("register/", register, name="register"),
    path("s/", answer_survey, name="survey_answer"),
    path("phone/events/", phone_events, name="phone_events"),
    path("healthz", views.healthz, name="healthz"),
    path("language/", login_not_required(require_POST(set_language)), name="set_language"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("calls/", include("calls.urls")),
    path("library/", include("calls.library_urls")),
    path("events/", include("outreach.urls")),
    path("campaigns/", include("outreach.campaign_urls")),
    path("surveys/", include("surveys.urls")),
    path("contacts/", include("contacts.urls")),
    path("followups/", include("followups.urls")),
    path("mail/", include("outbox.urls")),
    path("access/", include("access.urls")),
    path("audit/", include("audit.urls")),
]

if settings.I2A_DEMO:
    urlpatterns += [
        path("demo/outbox/", include("outbox.demo_urls")),
        path("demo/phone/", include("calls.demo_urls")),
        path("demo/", include("i2a.demo_urls")),
    ]
