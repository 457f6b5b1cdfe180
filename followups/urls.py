from django.urls import path

from followups import calendar_views, views

app_name = "followups"
urlpatterns = [
    path("", views.follow_up_list, name="list"),
    path("calendar/", calendar_views.calendar_show, name="calendar"),
    path("calendar/close/", calendar_views.calendar_close, name="calendar_close"),
    path("calendar/hours/", calendar_views.calendar_hours, name="calendar_hours"),
    path("calendar/days/<int:pk>/", calendar_views.calendar_switch, name="calendar_switch"),
    path("<uuid:uid>/close/", views.follow_up_close, name="close"),
]
