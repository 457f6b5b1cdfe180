"""No model is unaudited by accident, and no personal value is audited by accident (style guide §6, T-04)."""

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import models

from audit.registry import auditlog
from contacts.models import Contact
from contacts.models.contact import PERSONAL_FIELDS

OURS = ["access", "audit", "calls", "contacts", "followups", "outbox", "outreach", "surveys"]
WITHOUT_HISTORY = {
    "audit.LogEntry": "is the history",
    "audit.AccessEvent": "is the record of reading; append-only",
    "audit.RowChange": "is written by the database, about every change",
    "audit.Stretch": "is part of the seal; append-only",
    "audit.Seal": "is the seal; append-only",
    "audit.Check": "what a check found; append-only",
    "audit.Disposal": "written by the database alone; append-only",
    "audit.Discrepancy": "what a check found; append-only",
    "access.RegisterEvent": "is itself an append-only history",
    "access.DriftReport": "what a nightly check found; nobody changes it",
    "access.TrainingReminder": "written once by a job",
    "access.User_groups": "audited as changes of the user (m2m_fields)",
    "access.User_user_permissions": "audited as changes of the user (m2m_fields)",
    "contacts.DuplicateDecision_others": "audited as changes of the decision (m2m_fields)",
    "contacts.NameWord": "kept by a trigger from the names of contacts, which are audited",
    "contacts.FormerKey": "fingerprints, kept while the merge stands; the merge itself is audited",
    "contacts.MergeSnapshot": "personal values, kept 30 days for undoing; the merge itself is audited",
    "contacts.ConsentState": "derived by a trigger from ConsentEvent, which is audited",
    "contacts.UnusableAgreement": "kept by triggers from contacts and their answers, which are audited",
    "contacts.Suppression": "append-only, written by a trigger from ConsentEvent, which is audited",
    "outbox.MessageEvent": "is itself an append-only history",
    "outbox.UnsubscribeToken": "a hash per mail that left; what it does is a consent event",
    "outbox.SenderHealth": "what machines say of themselves every few seconds",
    "outreach.Recipient": "the list of a campaign, whose own history has its number and its fingerprint",
    "surveys.Invitation": "the list of a survey, whose own history has its number and its fingerprint",
    "surveys.Ticket": "a record of when would lead from an answer to a person (INV-19)",
    "surveys.BallotBox": "a record of when would lead from an answer to a person (INV-19)",
    "surveys.Response": "a record of when would lead from an answer to a person (INV-19)",
    "surveys.Answer": "a record of when would lead from an answer to a person (INV-19)",
    "calls.CallDraft": "nobody's record yet; erased within a day",
    "calls.RingingCall": "two minutes of ringing, then erased; whoever looks is recorded as a search",
}
WITH_ALL_FIELDS = {"contacts.ContactUserGrant", "contacts.ContactGroupGrant"}  # guardian's: only foreign keys
# Text that goes into the history as it is: about our own work and our own people, never about a caller. Everything
# else that can be typed freely is masked or left out.
OPEN_TEXT = {
    "audit.SavedReport": {"query"},
    "audit.AuditExport": {"ref", "query", "sha256"},
    "audit.ReviewItem": {"rule"},
    "access.ObjectGrant": {"object_type", "permission"},
    "access.AccessReview": {"quarter"},
    "access.Course": {"code", "name"},
    "access.Team": {"name"},
    "access.User": {"username", "first_name", "last_name", "email", "extension"},
    "auth.Group": {"name"},
    "calls.Answer": set(),
    "calls.Call": {"ref", "stat_citizenship", "stat_origin", "void_reason"},
    "calls.Choice": {"name", "name_fr"},
    "calls.Document": {"title", "source"},
    "calls.Correction": {"words", "for_others_because"},
    "calls.DocumentVersion": {"body", "url", "file_sha256", "wrong_because"},
    "calls.Occupation": {"name", "name_fr"},
    "calls.Question": {"wording", "wording_fr"},
    "calls.MissedCall": {"event_id"},
    "calls.ReferralAgency": {"name", "name_fr"},
    "calls.Topic": {"name", "name_fr"},
    "contacts.ConsentEvent": {"source_ref"},
    "contacts.Contact": {"ref", "language", "citizenship", "origin_country"},
    "contacts.RecordRequest": {"source_ref"},
    "contacts.ContactExport": {"ref", "query", "sha256"},
    "contacts.SavedView": {"query"},
    "contacts.TextVersion": {"body"},
    "followups.ClosedDay": {"name", "name_fr"},
    "socialaccount.SocialAccount": {"provider"},
    "outbox.Content": {"sha256", "subject"},
    "outbox.Message": {"purpose_key", "reason"},
    "outbox.SendingState": {"mailing", "reason"},
    "outreach.Campaign": {
        "ref",
        "title",
        "subject_en",
        "text_en",
        "subject_fr",
        "text_fr",
        "list_sha256",
        "sent_back_because",
        "ended_because",
    },
    "surveys.Survey": {
        "ref",
        "title",
        "name_en",
        "name_fr",
        "intro_en",
        "intro_fr",
        "subject_en",
        "text_en",
        "subject_fr",
        "text_fr",
        "list_sha256",
        "sent_back_because",
        "ended_because",
    },
    "surveys.Question": {"text_en", "text_fr", "low_en", "low_fr", "high_en", "high_fr"},
    "surveys.Choice": {"text_en", "text_fr"},
    "outreach.FormEntry": {"ref"},
    "outreach.Event": {
        "title",
        "about",
        "place",
        "region",
        "zone",
        "link",
        "contact_point",
        "cancelled_because",
    },
}


def our_models():
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]


def test_every_model_is_registered_or_says_why_not():
    unaudited = {model._meta.label for model in our_models() if not auditlog.contains(model)}

    assert unaudited == set(WITHOUT_HISTORY)


def test_registration_names_its_fields():
    for model in auditlog.get_models():
        named = auditlog.get_model_fields(model)["include_fields"]
        assert named or model._meta.label in WITH_ALL_FIELDS, model
        assert {field.name for field in model._meta.get_fields()} >= set(named), model


def test_every_personal_field_of_a_contact_is_masked():
    assert set(auditlog.get_model_fields(Contact)["mask_fields"]) == set(PERSONAL_FIELDS)


def test_free_text_is_masked_or_known_to_be_harmless():
    for model in auditlog.get_models():
        fields = auditlog.get_model_fields(model)
        shown = set(fields["include_fields"]) - set(fields["mask_fields"])
        text = {
            field.name
            for field in model._meta.concrete_fields
            if field.name in shown and isinstance(field, models.CharField | models.TextField) and not field.choices
        }
        assert text == OPEN_TEXT.get(model._meta.label, set()), model


def test_side_doors_to_permissions_are_audited():
    assert auditlog.contains(Group)
