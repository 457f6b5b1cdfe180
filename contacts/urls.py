from django.urls import path

from contacts.views import (
    access,
    adding,
    duplicates,
    editing,
    exporting,
    lookup,
    notes,
    organisations,
    record,
    requests,
    saved_views,
)

app_name = "contacts"
urlpatterns = [
    path("", lookup.lookup, name="lookup"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("duplicates/", duplicates.hint, name="duplicates"),
    path("print/", lookup.print_list, name="print"),
    path("export/", exporting.export, name="export"),
    path("views/", saved_views.view_list, name="views"),
    path("views/new/", saved_views.view_new, name="view_new"),
    path("views/<uuid:uid>/", saved_views.view_edit, name="view_edit"),
    path("views/<uuid:uid>/delete/", saved_views.view_delete, name="view_delete"),
    path("new/", adding.new, name="new"),
    path("materials-only/", adding.materials_only, name="materials_only"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/<uuid:uid>/", requests.answer, name="request"),
    path("<uuid:uid>/", record.detail, name="detail"),
    path("<uuid:uid>/access/", access.access, name="access"),
    path("<uuid:uid>/access/share/", access.share, name="access_share"),
    path("<uuid:uid>/access/<uuid:grant_uid>/end/", access.end, name="access_end"),
    path("<uuid:uid>/request-access/", requests.request_access, name="request_access"),
    path("<uuid:uid>/print/", record.print_view, name="print_record"),
    path("<uuid:uid>/edit/", editing.edit, name="edit"),
    path("<uuid:uid>/notes/", notes.notes, name="notes"),
    path("<uuid:uid>/notes/<uuid:note_uid>/", notes.note, name="note"),
    path("<uuid:uid>/notes/<uuid:note_uid>/amend/", notes.amend, name="note_amend"),
    path("<uuid:uid>/compare/<uuid:other_uid>/", duplicates.compare, name="compare"),
]
