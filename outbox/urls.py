from django.urls import path

from outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.backlog, name="backlog"),
    path("sending/", views.sending, name="sending"),
    path("<uuid:uid>/", views.message, name="message"),
    path("<uuid:uid>/again/", views.again, name="again"),
    path("<uuid:uid>/arrived/", views.arrived, name="arrived"),
]
