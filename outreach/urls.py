from django.urls import path

from outreach import entry_views, registration_views, views

app_name = "outreach"
urlpatterns = [
    path("", views.event_list, name="list"),
    path("new/", views.event_new, name="new"),
    path("<uuid:uid>/", views.event_detail, name="event"),
    path("<uuid:uid>/edit/", views.event_edit, name="edit"),
    path("<uuid:uid>/cancel/", views.event_cancel, name="cancel"),
    path("<uuid:uid>/register/", registration_views.register, name="register"),
    path("<uuid:uid>/new-link/", entry_views.new_link, name="new_link"),
    path("from-form/<uuid:uid>/", entry_views.entry, name="entry"),
    path("registrations/<uuid:uid>/", registration_views.change, name="registration"),
]
