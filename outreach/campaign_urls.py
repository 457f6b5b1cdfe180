from django.urls import path

from outreach import campaign_deciding_views, campaign_drafting_views, campaign_people_views, campaign_views

app_name = "campaigns"
urlpatterns = [
    path("", campaign_views.campaign_list, name="list"),
    path("new/", campaign_drafting_views.campaign_new, name="new"),
    path("<uuid:uid>/", campaign_views.campaign_detail, name="campaign"),
    path("<uuid:uid>/progress/", campaign_views.campaign_progress, name="progress"),
    path("<uuid:uid>/edit/", campaign_drafting_views.campaign_edit, name="edit"),
    path("<uuid:uid>/people/", campaign_people_views.campaign_people, name="people"),
    path("<uuid:uid>/mail/", campaign_people_views.campaign_mail, name="mail"),
    path("<uuid:uid>/test/", campaign_deciding_views.campaign_test, name="test"),
    path("<uuid:uid>/ask/", campaign_deciding_views.campaign_ask, name="ask"),
    path("<uuid:uid>/decide/", campaign_deciding_views.campaign_decide, name="decide"),
    path("<uuid:uid>/switch/", campaign_deciding_views.campaign_switch, name="switch"),
]
