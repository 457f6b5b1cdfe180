"""The rows of the demonstration that the pages in places.py show."""

from dataclasses import dataclass

from access.models import AccessRequest, User
from calls.models import Call, DocumentVersion
from contacts.models import Contact
from followups.models import FollowUp
from outbox.models import Message, UnsubscribeToken
from outbox.unsubscribe import hash_of, new_token
from outreach.models import Campaign, Event, FormEntry
from surveys.models import Survey
from tests.surveys.to_answer import survey_to_answer, unused_link


@dataclass(frozen=True)
class Records:
    """Addresses of rows that the demonstration has."""

    contact: str
    contact_of_two: str
    contact_not_to_contact: str
    contact_of_materials: str
    contact_of_others: str
    aloysius: str
    aloysius_again: str
    call: str
    follow_up: str
    follow_up_to_close: str
    message: str
    invitation: str
    link: str
    verification: str
    document: str
    document_proposed: str
    contact_without_email: str
    document_version: str
    event: str
    form: str
    entry: str
    registered: str
    campaign_draft: str
    campaign_asked: str
    campaign_done: str
    survey_closed: str
    person: str
    access_request: str
    survey_link: str
    survey_draft: str


def records_of_the_demonstration() -> Records:
    olena = Contact.objects.get(email="olena.kovalenko@example.com")
    call = Call.objects.active().filter(specialist__username="maya", note__isnull=False, message__isnull=False).first()
    of_others = FollowUp.objects.open().filter(assigned_to__isnull=False).visible_to(User.objects.get(username="priya"))
    invitation = Message.objects.filter(kind="seminar").earliest("pk")
    corrected = DocumentVersion.objects.current().get(document__versions__wrong_at__isnull=False)
    reached_by_phone = Contact.objects.filter(email="", team__name="Phone", do_not_contact=False, status="active")
    return Records(
        contact=str(olena.uid),
        contact_of_two=str(Contact.objects.get(email="arjun.sandhu@example.org").uid),
        contact_not_to_contact=str(Contact.objects.filter(do_not_contact=True).earliest("pk").uid),
        contact_of_materials=str(Contact.objects.filter(materials_only=True).earliest("pk").uid),
        contact_of_others=str(Contact.objects.exclude(team__name="Phone").earliest("pk").uid),
        aloysius=str(Contact.objects.get(name="Aloysius Pennywhistle-Kaur").uid),
        aloysius_again=str(Contact.objects.get(name="Aloysius Penywhistle Kaur").uid),
        call=str(call.uid),
        follow_up=str(FollowUp.objects.open().filter(assigned_to__username="maya").earliest("pk").uid),
        follow_up_to_close=str(of_others.exclude(assigned_to__username="maya").latest("pk").uid),
        message=str(Message.objects.filter(state="sent").earliest("pk").uid),
        invitation=str(invitation.uid),
        link=link_to_stop(invitation),
        verification=str(FollowUp.objects.filter(kind="verify_email").earliest("pk").uid),
        document=str(corrected.document.uid),
        document_proposed=str(DocumentVersion.objects.get(released_at=None).document.uid),
        contact_without_email=str(reached_by_phone.earliest("pk").uid),
        document_version=str(corrected.pk),
        event=str(Event.objects.get(title__startswith="Hiring from abroad").uid),
        form=f"/register/?t={Event.objects.get(public_form='open').link_token}",
        entry=str(FormEntry.objects.earliest("pk").uid),
        registered=f"/register/?r={FormEntry.objects.latest('pk').uid}",
        campaign_draft=str(Campaign.objects.filter(state="draft").earliest("pk").uid),
        campaign_asked=str(Campaign.objects.filter(state="asked").earliest("pk").uid),
        campaign_done=str(Campaign.objects.filter(released_at__isnull=False).earliest("pk").uid),
        survey_closed=str(Survey.objects.filter(state="closed").latest("pk").uid),
        person=str(User.objects.get(username="tomas").uid),
        access_request=str(AccessRequest.objects.filter(status="requested").earliest("pk").uid),
        survey_link=unused_link(survey_to_answer()),
        survey_draft=str(Survey.objects.filter(state="draft").earliest("pk").uid),
    )


def link_to_stop(invitation: Message) -> str:
    """Of a mail, as its receiver has it."""
    token = new_token()
    UnsubscribeToken.objects.create(message=invitation, sha256=hash_of(token))
    return f"/unsubscribe/?t={token}"
