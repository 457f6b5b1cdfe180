from django.urls import path

from outreach import views

app_name = "outreach"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("new/", views.event_new, name="new"),
    path("<uuid:uid>/", views.event_detail, name="event"),
    path("<uuid:uid>/edit/", views.event_edit, name="edit"),
    path("<uuid:uid>/cancel/", views.event_cancel, name="cancel"),
]
