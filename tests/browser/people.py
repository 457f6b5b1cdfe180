"""People whom a browser test makes for itself, because the demonstration's are everybody's."""

from access.models import User
from contacts.choices import Channel, FutureContact, Language, Purpose, Source, TextKind
from contacts.models import Contact
from contacts.services import consents
from contacts.texts import texts_in_force
from i2a import clock


def agree(contact: Contact, by: User) -> None:
    """To e-mail about seminars, on a call."""
    consents.record_answers(
        contact=contact,
        answer=FutureContact.AGREED,
        purposes=[Purpose.SEMINAR],
        channels=[Channel.EMAIL],
        text_version=texts_in_force(clock.now())[TextKind.CONSENT_SCRIPT][Language.EN],
        language=Language.EN,
        source=Source.CALL,
        source_ref=contact.ref,
        by=by,
        now=clock.now(),
    )
