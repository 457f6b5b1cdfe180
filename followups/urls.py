from django.urls import path

from followups import views

app_name = "followups"
urlpatterns = [
    path("", views.follow_up_list, name="list"),
    path("<uuid:uid>/close/", views.follow_up_close, name="close"),
]
