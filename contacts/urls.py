from django.urls import path

from contacts.views import duplicates, editing, lookup, organisations, record

app_name = "contacts"
urlpatterns = [
    path("", lookup.lookup, name="lookup"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("duplicates/", duplicates.hint, name="duplicates"),
    path("<uuid:uid>/", record.detail, name="detail"),
    path("<uuid:uid>/edit/", editing.edit, name="edit"),
    path("<uuid:uid>/compare/<uuid:other_uid>/", duplicates.compare, name="compare"),
]
