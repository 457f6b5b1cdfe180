from django.urls import path

from outbox import returned, views

app_name = "outbox"
urlpatterns = [
    path("", views.backlog, name="backlog"),
    path("returned/", returned.returned, name="returned"),
    path("sending/", views.sending, name="sending"),
    path("<uuid:uid>/", views.message, name="message"),
    path("<uuid:uid>/again/", views.again, name="again"),
    path("<uuid:uid>/arrived/", views.arrived, name="arrived"),
]
