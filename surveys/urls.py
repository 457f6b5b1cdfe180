from django.urls import path

from surveys import (
    contact_page,
    drafting_views,
    invitation_steps_views,
    invitation_views,
    question_views,
    result_views,
    screening_views,
    trying_views,
    views,
)

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("new/", drafting_views.survey_new, name="new"),
    path("phone/<uuid:uid>/", contact_page.ask_by_phone, name="ask_by_phone"),
    path("<uuid:uid>/", views.survey_detail, name="survey"),
    path("<uuid:uid>/words/", drafting_views.survey_words, name="words"),
    path("<uuid:uid>/results/", result_views.results, name="results"),
    path("<uuid:uid>/comments/", screening_views.screening, name="screening"),
    path("<uuid:uid>/version/", drafting_views.survey_new_version, name="new_version"),
    path("<uuid:uid>/questions/", question_views.question_arrange, name="arrange"),
    path("<uuid:uid>/try/", trying_views.survey_try, name="try"),
    path("<uuid:uid>/try/frame/", trying_views.survey_try_frame, name="try_frame"),
    path("<uuid:uid>/questions/new/", question_views.question_new, name="question_new"),
    path("<uuid:uid>/questions/<uuid:question_uid>/", question_views.question_edit, name="question"),
    path("<uuid:uid>/invitations/", invitation_views.invitations, name="invitations"),
    path("<uuid:uid>/invitations/edit/", invitation_steps_views.edit, name="invitations_edit"),
    path("<uuid:uid>/invitations/progress/", invitation_views.progress, name="progress"),
    path("<uuid:uid>/invitations/people/", invitation_views.people, name="people"),
    path("<uuid:uid>/invitations/mail/", invitation_views.mail, name="mail"),
    path("<uuid:uid>/invitations/test/", invitation_steps_views.test, name="test"),
    path("<uuid:uid>/invitations/ask/", invitation_steps_views.ask, name="ask"),
    path("<uuid:uid>/invitations/decide/", invitation_steps_views.decide, name="decide"),
    path("<uuid:uid>/invitations/switch/", invitation_steps_views.switch, name="switch"),
]
