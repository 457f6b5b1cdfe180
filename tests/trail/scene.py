"""A scene for one step: people who are there all the time, and records that nobody has used yet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from access.roles import Role
from tests.factories import UserFactory
from tests.sending import FORM, encoded
from tests.test_mass_assignment import shown_on
from tests.trail.witness import Witness
from tests.world import Records, World

SYSTEM = "system:scene"  # whoever makes the records beforehand
Values = dict[str, Any]


class Scene(World):
    """`world.objects[kind]` is made when it is first named; what is about somebody's access is about somebody new."""

    client: Client  # of whoever acts

    def __init__(self, users: dict[Role, Any]) -> None:
        super().__init__(users, Records(users))
        self.objects["specialist"] = UserFactory()

    def __getitem__(self, kind: str) -> Any:
        return self.objects[kind]


@dataclass(frozen=True)
class Step:
    """One thing that somebody does on one page.

    `values`: what they type, beside what the form shows. `made`: records that it needs, by kind. `path`: if it is
    another than the world's. `reads`: the kind of access event where nothing is changed. `before`: what happened first.
    `signed`: where it is not the person who signs. `then`: who signs what follows from it.
    """

    page: str
    role: Role
    values: Values | Callable[[Scene], Values] = field(default_factory=dict)
    made: dict[str, Callable[[Scene], Any]] = field(default_factory=dict)
    path: Callable[[Scene], str] | None = None
    reads: str = ""
    before: Callable[[Client, Scene], Any] | None = None
    signed: str = ""
    then: str = ""

    def __str__(self) -> str:
        return self.page

    def prepare(self, client: Client, scene: Scene) -> Callable[[], Any]:
        """Open the page as this person and fill it in; what is returned sends it."""
        for kind, make in self.made.items():
            scene.objects[kind] = make(scene)
        scene.client = client
        client.force_login(scene.users[self.role], backend="access.backends.RoleBackend")
        if self.before:
            self.before(client, scene)
        path = self.path(scene) if self.path else scene.path(self.page, self.role)
        shown = {name: value.decode() for name, value in shown_on(client, self.page, path)[0].items()}
        values = self.values(scene) if callable(self.values) else self.values
        body = encoded(pairs_of(shown | values))
        return lambda: client.generic("POST", path, body, content_type=FORM)

    def label(self, scene: Scene) -> str:
        return self.signed or scene.users[self.role].get_username()


def faults(step: Any, scene: Scene, witness: Witness, response: Any) -> list[str]:
    """Of what was recorded of one step."""
    labels = [step.label(scene), *filter(None, [step.then])]
    found = witness.faults(*labels, request_id=response and response["X-Request-ID"])
    is_recorded = witness.events(step.reads) if step.reads else witness.changes()
    return found if is_recorded else [*found, f"nothing is recorded: {response}"]


@dataclass(frozen=True)
class Act:
    """One thing that happens on no page: a task, a command, a link, a sign-in.

    `needs` makes the records beforehand, and what it returns is handed to `does`. `by` signs.
    """

    name: str
    does: Callable[[Client, Any], Any]
    by: str | Callable[[Any], str]
    needs: Callable[[Scene], Any] = lambda scene: scene
    reads: str = ""
    then: str = ""

    def __str__(self) -> str:
        return self.name

    def prepare(self, client: Client, scene: Scene) -> Callable[[], Any]:
        client.logout()
        scene.client = client
        made = scene.objects["needs"] = self.needs(scene)
        return lambda: self.does(client, made)

    def label(self, scene: Scene) -> str:
        return self.by if isinstance(self.by, str) else self.by(scene["needs"])


def pairs_of(values: Values) -> Any:
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            if one is not None:
                yield name, str(one).encode()
