from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("find/<str:kind>/", views.find),
    path("contact/<uuid:uid>/", views.contact),
    path("log/", views.log),
]
