from django.urls import path

from audit import seal_page
from audit.reports import keeping, viewers, views
from audit.review import views as reviewing

app_name = "audit"
urlpatterns = [
    path("", views.start, name="start"),
    path("entries/", views.entries, name="entries"),
    path("entries/print/", views.print_entries, name="print"),
    path("entries/export/", keeping.export, name="export"),
    path("viewers/", viewers.top_viewers, name="viewers"),
    path("seal/", seal_page.seal, name="seal"),
    path("reports/new/", keeping.report_new, name="report_new"),
    path("reports/<uuid:uid>/delete/", keeping.report_delete, name="report_delete"),
    path("review/", reviewing.queue, name="reviews"),
    path("review/<uuid:uid>/", reviewing.review, name="review"),
    path("review/<uuid:uid>/sign/", reviewing.sign_off, name="review_sign"),
]
