from django.urls import path

from calls.views import corrections, library, library_edit, sending

app_name = "library"
urlpatterns = [
    path("", library.document_list, name="list"),
    path("new/", library_edit.document_new, name="new"),
    path("<uuid:uid>/", library.document_detail, name="document"),
    path("<uuid:uid>/edit/", library_edit.document_edit, name="edit"),
    path("<uuid:uid>/new-version/", library_edit.version_new, name="version_new"),
    path("<uuid:uid>/offer/", library_edit.document_offer, name="offer"),
    path("<uuid:uid>/receivers/", library.receivers, name="receivers"),
    path("<uuid:uid>/<int:number>/file/", library.version_file, name="file"),
    path("<uuid:uid>/<int:number>/mail/", library.version_mail, name="mail"),
    path("<uuid:uid>/<int:number>/release/", library_edit.version_release, name="release"),
    path("<uuid:uid>/<int:number>/review/", library_edit.version_review, name="review"),
    path("<uuid:uid>/<int:number>/wrong/", library_edit.version_wrong, name="wrong"),
    path("<uuid:uid>/<int:number>/correction/", corrections.correction, name="correction"),
    path("send/<uuid:uid>/", sending.choose, name="choose"),
    path("send/<uuid:uid>/check/", sending.check, name="check"),
    path("send/<uuid:uid>/preview/", sending.preview, name="preview"),
    path("sent/<uuid:uid>/undo/", sending.undo, name="undo"),
]
