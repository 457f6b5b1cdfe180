"""What is done on the pages of the library, events, campaigns, surveys, mail, access and the audit itself."""

from datetime import timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse, reverse_lazy

from access.roles import Role
from access.services import requests
from calls.models import Topic
from i2a import clock
from outbox import switches
from outbox.models import SendingState
from outreach.campaigns import approving
from surveys.inviting import approving as survey_approving
from tests.access.test_second_step import secret_code
from tests.factories import (
    PASSWORD,
    CampaignFactory,
    ContactFactory,
    DocumentVersionFactory,
    MessageFactory,
    SentDocumentFactory,
    TrainingRecordFactory,
)
from tests.outreach import steps as campaigns
from tests.surveys import steps as surveys
from tests.trail.clients import WORDS, day
from tests.trail.scene import Step

S, L, M, A, P = Role.SPECIALIST, Role.TEAM_LEAD, Role.MANAGER, Role.ACCESS_ADMIN, Role.PRIVACY_OFFICER


def a_topic(scene):
    return Topic.objects.first().pk


def proposed(scene):
    version = DocumentVersionFactory(is_pdf=True)
    version.document.versions.create(number=2, body="Apply by post.", review_on=version.review_on, released_at=None)
    return version.document


def wrongly_sent(scene):
    wrong = DocumentVersionFactory(is_wrong=True)
    DocumentVersionFactory(document=wrong.document)
    SentDocumentFactory(version=wrong)
    return wrong.document


def just_sent(client, scene):
    version, contact = DocumentVersionFactory(), scene["contact"]
    path = reverse("library:check", args=[contact.uid])
    client.post(
        path, {"documents": version.pk, "language": "en", "form_uuid": str(version.document.uid), "to": contact.email}
    )
    scene.objects["message"] = contact.messages.latest("pk")


def of_the_lead(make):
    return lambda scene: make(created_by=scene.users[L])


def seen(scene, kind):
    module = approving if kind == "campaign" else survey_approving
    row = scene[kind]
    return {"do": "approve", "version": row.version, "list_sha256": module.changed_since_freeze(row).sha256}


def some_agree(make):
    def made(scene):
        ContactFactory(agrees_to=["seminar"])
        return make(scene)

    return made


def asked_survey(scene):
    surveys.caller()
    return surveys.asked(created_by=scene.users[L])


def draft_survey(scene):
    surveys.caller()
    return surveys.draft(created_by=scene.users[L])


def is_them(client, scene):
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def elsewhere(client, scene):
    """The same person signed in on another machine, too."""
    Client().post(reverse("account_login"), {"username": scene.users[S].username, "password": PASSWORD})
    is_them(client, scene)


def authorised(client, scene):
    requests.authorise(request=scene["role_request"], by=scene.users[M], now=clock.now())


def certified(client, scene):
    TrainingRecordFactory(user=scene["specialist"], expires_on=clock.today() + timedelta(days=5))


def mail_is_stopped():
    return SendingState.objects.filter(mailing=switches.ALL_MAIL, is_stopped=True).exists()


def sent(scene):
    return MessageFactory(state="sent", sent_at=clock.now())


LIBRARY = [
    Step(
        "library:new",
        L,
        lambda scene: {"title": f"A guide {uuid4().hex}", "topic": a_topic(scene), "source": "I2A", "body": WORDS},
    ),
    Step("library:edit", M, lambda scene: {"title": f"A better guide {uuid4().hex}"}),
    Step("library:version_new", L, {"body": WORDS}),
    Step("library:offer", M, {"to": "withdraw"}),
    Step(
        "library:release",
        M,
        {"answer": "release"},
        made={"document": proposed},
        path=lambda scene: reverse("library:release", args=[scene["document"].uid, 2]),
    ),
    Step("library:review", M, {"review_on": day(700)}),
    Step("library:wrong", M, {"because": WORDS}, made={"document": lambda scene: DocumentVersionFactory().document}),
    Step("library:correction", M, {"words": "The fee was raised."}, made={"document": wrongly_sent}),
    Step(
        "library:check",
        S,
        lambda scene: {
            "documents": DocumentVersionFactory().pk,
            "language": "en",
            "form_uuid": str(scene["specialist"].uid),
            "to": scene["contact"].email,
        },
    ),
    Step("library:undo", S, before=just_sent),
]
EVENTS = [
    Step(
        "outreach:new",
        L,
        {
            "kind": "seminar",
            "title": "A morning",
            "day": day(20),
            "begins": "10:00",
            "languages": "en",
            "place": "Calgary",
        },
    ),
    Step("outreach:edit", L, {"title": "An evening"}),
    Step("outreach:cancel", L, {"because": WORDS}),
    Step("outreach:new_link", L),
    Step("outreach:register", S, lambda scene: {"reference": scene["contact"].ref}),
    Step("outreach:registration", S, {"do": "cancel"}),
    Step("outreach:entry", S, lambda scene: {"reference": scene["contact"].ref}),
]
CAMPAIGNS = [
    Step(
        "campaigns:new",
        L,
        {"title": "Come", "subject_en": "A morning", "text_en": WORDS, "send_on": day(2), "send_at": "12:00"},
        path=lambda scene: f"{reverse('campaigns:new')}?event={scene['coming_event'].uid}",
    ),
    Step("campaigns:edit", L, {"title": "Come, too"}),
    Step("campaigns:test", L, {"language": "en"}),
    Step("campaigns:ask", L, {"version": 1}, made={"campaign": some_agree(of_the_lead(CampaignFactory))}),
    Step(
        "campaigns:decide",
        M,
        lambda scene: seen(scene, "campaign"),
        made={"campaign": some_agree(of_the_lead(campaigns.asked))},
    ),
    Step(
        "campaigns:switch",
        L,
        {"to": "cancel", "because": WORDS},
        made={"campaign": some_agree(of_the_lead(campaigns.approved))},
    ),
]
SURVEYS = [
    Step("surveys:new", L, {"title": "Service", "name_en": "Your call", "name_fr": "Votre appel"}),
    Step("surveys:words", L, {"title": "Our service"}),
    Step("surveys:arrange", L, lambda scene: {"do": "remove", "question": scene["question"].uid}),
    Step("surveys:question_new", L, {"kind": "text", "text_en": "What else?", "text_fr": "Autre chose ?"}),
    Step("surveys:question", L, {"text_en": "How hard was it?"}),
    Step("surveys:invitations_edit", L, {"subject_en": "Your call"}),
    Step("surveys:test", L, {"language": "en"}, made={"survey": draft_survey}),
    Step("surveys:ask", L, {"version": 1}, made={"survey": draft_survey}),
    Step("surveys:decide", M, lambda scene: seen(scene, "survey"), made={"survey": asked_survey}),
    Step(
        "surveys:switch",
        L,
        {"to": "cancel", "because": WORDS},
        made={"survey": lambda scene: surveys.approve(asked_survey(scene))},
    ),
    Step(
        "surveys:new_version", L, made={"survey": lambda scene: surveys.released(surveys.approve(asked_survey(scene)))}
    ),
]
MAIL = [
    Step("outbox:sending", M, lambda scene: {"to": "resume" if mail_is_stopped() else "stop", "reason": WORDS}),
    Step("outbox:again", L, made={"message": lambda scene: MessageFactory(state="ambiguous")}),
    Step("outbox:arrived", L, made={"message": lambda scene: MessageFactory(state="ambiguous")}),
    Step("demo_outbox:bounce", S, made={"message": sent}, signed="system:bounces", then="system:followups"),
]
EXPORT = reverse_lazy("audit:export")
AUDIT = [
    # Of one record: everything may be more than a file takes.
    Step("audit:export", M, {"reason": WORDS}, path=lambda scene: f"{EXPORT}?record={scene['contact'].ref}"),
    Step("audit:report_new", M, lambda scene: {"name": f"Mine {scene['specialist'].pk}"}),
    Step("audit:report_delete", M),
    Step("audit:review", P, {"finding": "none", "explanation": WORDS}),
    Step(
        "audit:review_sign",
        M,
        before=lambda client, scene: client.post(
            reverse("audit:review", args=[scene["review"].uid]), {"finding": "none", "explanation": WORDS}
        ),
    ),
    Step("audit:seal", M, {"do": "ask"}, reads="report_viewed"),
]
ACCESS = [
    Step("access:register_export", M, {"reason": WORDS}, reads="exported"),
    Step("access:deactivate", A, {"reason": "Left the branch"}),
    Step("access:grant_end", M, {"reason": "Changed duties"}),
    Step(
        "access:request_new",
        L,
        lambda scene: {
            "person": scene["specialist"].pk,
            "role": "team_lead",
            "team": scene["specialist"].team_id,
            "reason": WORDS,
        },
    ),
    Step("access:request_authorise", M),
    Step("access:request_refuse", M, {"reason": WORDS}),
    Step("access:request_execute", A, before=authorised),
    Step("access:request_withdraw", L),
    Step("access:training_of", A, {"course-completed_on": day(-1)}),
    Step("access:training_extend", M, {"extend-until": day(20), "extend-reason": WORDS}, before=certified),
    Step("access:training_withdraw", A, {"reason": WORDS}),
    Step("access:review_confirm", M),
    Step("access:review_remove", M),
]
ACCOUNT = [
    Step(
        "account_change_password",
        S,
        {"oldpassword": PASSWORD, "password1": "Marmalade-and-9-otters", "password2": "Marmalade-and-9-otters"},
    ),
    Step("mfa_activate_totp", S, lambda scene: {"code": secret_code(scene.client)}, before=is_them),
    Step("mfa_generate_recovery_codes", M, before=is_them),
    Step("sessions_end_others", S, before=elsewhere, reads="session_ended"),
]
STEPS = [*LIBRARY, *EVENTS, *CAMPAIGNS, *SURVEYS, *MAIL, *AUDIT, *ACCESS, *ACCOUNT]
