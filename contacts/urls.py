from django.urls import path

from contacts.views import editing, lookup, organisations, record

app_name = "contacts"
urlpatterns = [
    path("", lookup.lookup, name="lookup"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("<uuid:uid>/", record.detail, name="detail"),
    path("<uuid:uid>/edit/", editing.edit, name="edit"),
]
