from django.urls import path

from calls.views import desk, drafts, records, ringing, verifying

app_name = "calls"
urlpatterns = [
    path("", records.call_list, name="list"),
    path("desk/", desk.desk, name="desk"),
    path("ringing/", ringing.ringing, name="ringing"),
    path("phone/", ringing.extension, name="extension"),
    path("start/", drafts.draft_start, name="start"),
    path("drafts/<uuid:uid>/", drafts.draft_edit, name="draft"),
    path("drafts/<uuid:uid>/keep/", drafts.draft_keep, name="draft_keep"),
    path("drafts/<uuid:uid>/discard/", drafts.draft_discard, name="draft_discard"),
    path("drafts/<uuid:uid>/caller/", drafts.draft_set_caller, name="draft_set_caller"),
    path("verify/<uuid:uid>/", verifying.verify, name="verify"),
    path("<uuid:uid>/", records.call_detail, name="detail"),
    path("<uuid:uid>/undo/", drafts.call_undo, name="undo"),
    path("<uuid:uid>/correct/", records.call_correct, name="correct"),
    path("<uuid:uid>/void/", records.call_void, name="void"),
    path("<uuid:uid>/follow-up/", records.call_add_follow_up, name="add_follow_up"),
]
