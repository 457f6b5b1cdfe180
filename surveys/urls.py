from django.urls import path

from surveys import drafting_views, question_views, views

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("new/", drafting_views.survey_new, name="new"),
    path("<uuid:uid>/", views.survey_detail, name="survey"),
    path("<uuid:uid>/words/", drafting_views.survey_words, name="words"),
    path("<uuid:uid>/version/", drafting_views.survey_new_version, name="new_version"),
    path("<uuid:uid>/questions/", question_views.question_arrange, name="arrange"),
    path("<uuid:uid>/questions/new/", question_views.question_new, name="question_new"),
    path("<uuid:uid>/questions/<uuid:question_uid>/", question_views.question_edit, name="question"),
]
