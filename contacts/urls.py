from django.urls import path

from contacts.views import duplicates, editing, lookup, notes, organisations, record

app_name = "contacts"
urlpatterns = [
    path("", lookup.lookup, name="lookup"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("duplicates/", duplicates.hint, name="duplicates"),
    path("<uuid:uid>/", record.detail, name="detail"),
    path("<uuid:uid>/edit/", editing.edit, name="edit"),
    path("<uuid:uid>/notes/", notes.notes, name="notes"),
    path("<uuid:uid>/notes/<uuid:note_uid>/", notes.note, name="note"),
    path("<uuid:uid>/notes/<uuid:note_uid>/amend/", notes.amend, name="note_amend"),
    path("<uuid:uid>/compare/<uuid:other_uid>/", duplicates.compare, name="compare"),
]
