"""People whom a browser test makes for itself, because the demonstration's are everybody's."""

from uuid import uuid4

from access.models import User
from contacts.choices import Channel, FutureContact, Language, Purpose, Source, TextKind
from contacts.models import Contact
from contacts.services import consents
from contacts.services.contacts import create_contact
from contacts.texts import texts_in_force
from i2a import clock


def new_caller(name: str, **values: str) -> Contact:
    """Somebody of whom the demonstration knows nothing, entered by maya."""
    maya, now = User.objects.get(username="maya"), clock.now()
    values = {"name": f"{name} {uuid4().hex[:6]}", "category": "foreign_national", "phone": "+380505550112", **values}
    return create_contact(values=values, team=maya.team, by=maya, now=now, notice=None)


def agree(contact: Contact, by: User, purpose: Purpose = Purpose.SEMINAR) -> None:
    """To e-mail about it, on a call."""
    consents.record_answers(
        contact=contact,
        answer=FutureContact.AGREED,
        purposes=[purpose],
        channels=[Channel.EMAIL],
        text_version=texts_in_force(clock.now())[TextKind.CONSENT_SCRIPT][Language.EN],
        language=Language.EN,
        source=Source.CALL,
        source_ref=contact.ref,
        by=by,
        now=clock.now(),
    )
