from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("find/<str:kind>/", views.find),
    path("contact/<uuid:uid>/", views.contact),
    path("list/", views.contact_list),
    path("queue/", views.queue),
    path("log/", views.log),
]
