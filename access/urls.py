from django.urls import path

from access.views import people, register, requests, reviews, training

app_name = "access"
urlpatterns = [
    path("register/", register.register, name="register"),
    path("register/print/", register.print_register, name="register_print"),
    path("register/export/", register.export, name="register_export"),
    path("register/drift/", register.drift, name="drift"),
    path("people/<uuid:uid>/", people.person, name="person"),
    path("people/<uuid:uid>/deactivate/", people.deactivate, name="deactivate"),
    path("grants/<uuid:uid>/end/", people.end_grant, name="grant_end"),
    path("mine/", people.mine, name="mine"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/new/", requests.new, name="request_new"),
    path("requests/<uuid:uid>/", requests.request_detail, name="request"),
    path("requests/<uuid:uid>/authorise/", requests.authorise, name="request_authorise"),
    path("requests/<uuid:uid>/refuse/", requests.refuse, name="request_refuse"),
    path("requests/<uuid:uid>/execute/", requests.execute, name="request_execute"),
    path("requests/<uuid:uid>/withdraw/", requests.withdraw, name="request_withdraw"),
    path("training/", training.report, name="training"),
    path("training/mine/", training.mine, name="training_mine"),
    path("training/<uuid:uid>/", training.of_person, name="training_of"),
    path("training/<uuid:uid>/extend/", training.extend, name="training_extend"),
    path("training/records/<uuid:uid>/withdraw/", training.withdraw, name="training_withdraw"),
    path("review/", reviews.review, name="review"),
    path("review/<uuid:uid>/confirm/", reviews.confirm, name="review_confirm"),
    path("review/<uuid:uid>/remove/", reviews.remove, name="review_remove"),
]
