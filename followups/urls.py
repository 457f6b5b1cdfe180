from django.urls import path

from followups import action_views, calendar_views, hand_over_views, report_views, views

app_name = "followups"
urlpatterns = [
    path("", views.follow_up_list, name="list"),
    path("calendar/", calendar_views.calendar_show, name="calendar"),
    path("calendar/close/", calendar_views.calendar_close, name="calendar_close"),
    path("calendar/hours/", calendar_views.calendar_hours, name="calendar_hours"),
    path("calendar/days/<int:pk>/", calendar_views.calendar_switch, name="calendar_switch"),
    path("report/", report_views.report, name="report"),
    path("hand-over/", hand_over_views.follow_ups_hand_over, name="hand_over_all"),
    path("hand-over/<uuid:uid>/", hand_over_views.follow_ups_hand_over_of, name="hand_over_of"),
    path("plan/<uuid:uid>/", action_views.future_contact_plan, name="plan"),
    path("<uuid:uid>/", action_views.follow_up_show, name="detail"),
    path("<uuid:uid>/email/", action_views.follow_up_email, name="email"),
    path("<uuid:uid>/attempt/", action_views.follow_up_attempt, name="attempt"),
    path("<uuid:uid>/pause/", action_views.follow_up_pause, name="pause"),
    path("<uuid:uid>/resume/", action_views.follow_up_resume, name="resume"),
    path("<uuid:uid>/hand-over/", hand_over_views.follow_up_hand_over, name="hand_over"),
    path("<uuid:uid>/close/", views.follow_up_close, name="close"),
]
