"""What must change nothing: refused, forged, past a form, or wrong."""

from dataclasses import dataclass
from unittest.mock import patch

from django.urls import reverse

from access.models import Team
from access.roles import Role
from calls.views import library_edit
from tests.factories import PASSWORD, ContactFactory, TeamFactory, UserFactory
from tests.trail.clients import WORDS
from tests.trail.scene import Act

HIDDEN = ["contacts:notes", "contacts:edit", "contacts:withdraw", "contacts:do_not_contact", "followups:plan"]
CLOSED = ["outbox:sending", "campaigns:new", "library:new", "followups:calendar_close", "access:request_new"]
WRONG = ["contacts:view_new", "contacts:new", "contacts:materials_only", "calls:extension"]


@dataclass(frozen=True)
class Attempt(Act):
    is_forged: bool = False


def signed_in(scene, role=Role.SPECIALIST):
    scene.client.force_login(scene.users[role], backend="access.backends.RoleBackend")
    return scene


def out_of_reach(scene):
    signed_in(scene)
    return ContactFactory(team=TeamFactory(name="Trade Missions"))


def past_the_form(client, scene):
    def two_alike(**_words):
        Team.objects.create(name="Half done")
        Team.objects.create(name="Phone")

    path = scene.path("library:offer", Role.MANAGER)
    with patch.object(library_edit.services, "offer_document", two_alike):
        return client.post(path, {"to": "withdraw"})


def with_a_document(scene):
    signed_in(scene, Role.MANAGER).path("library:offer", Role.MANAGER)
    return scene


def wrong_password(client, user):
    return client.post(reverse("account_login"), {"username": user.username, "password": f"not {PASSWORD}"})


def posted(name, values):
    return lambda client, scene: client.post(reverse(name), values)


REFUSED = [
    *(Attempt(name, posted(name, {"reason": WORDS}), "", signed_in, reads="denied") for name in CLOSED),
    *(
        Attempt(
            f"{name} out of reach",
            lambda client, contact, name=name: client.post(reverse(name, args=[contact.uid]), {"body": WORDS}),
            "",
            out_of_reach,
            reads="denied",
        )
        for name in HIDDEN
    ),
    Attempt("forged", posted("contacts:view_new", {"name": WORDS}), "", signed_in, reads="denied", is_forged=True),
    Attempt("past the form", past_the_form, "", with_a_document, reads="denied"),
    Attempt("wrong password", wrong_password, "", lambda scene: UserFactory(), reads="sign_in_failed"),
    *(Attempt(f"{name} wrong", posted(name, {"name": "", "extension": "x" * 99}), "", signed_in) for name in WRONG),
]
