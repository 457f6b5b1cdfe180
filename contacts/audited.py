"""What the audit can be asked about people and their consent (R-AUD-02)."""

from django.utils.translation import gettext_lazy as _

from access.models import Team
from audit.models import AccessEvent
from audit.reports import purposes
from audit.reports.details import FOR_PROGRAMS, register_filter
from audit.reports.details import register as register_detail
from audit.reports.topics import Topic, register
from contacts.choices import Category, OrganisationType, Purpose, Source
from contacts.countries import country_name
from contacts.languages import language_name
from contacts.list_form import CountryOf, LastCall, Sort, Standing
from contacts.models.opening import StatedPurpose


def register_topics() -> None:
    register(
        Topic(
            "consent",
            30,
            _("Consent changes"),
            _("Agreements given, refused and withdrawn, and addresses erased with them."),
            kinds=(AccessEvent.Kind.CONSENT_WITHDRAWN, AccessEvent.Kind.ADDRESS_ERASED),
            models=("contacts.ConsentEvent",),
        )
    )
    for stated in StatedPurpose:
        purposes.register(stated.value, stated.label, is_work=False)


def register_details() -> None:
    register_detail("how", _("How"), dict(Source.choices))
    register_detail("purposes", _("Purposes"), dict(Purpose.choices))
    register_detail("do_not_contact", _("Do not contact"))
    register_detail("message", FOR_PROGRAMS)
    register_detail("duplicates", _("Likely duplicates"))
    register_detail("of", _("Of"), {"organisation": _("the people of one organisation")})


def register_filters() -> None:
    """Of the list of contacts, as exports and prints of it are told."""
    register_filter("category", _("Category"), dict(Category.choices))
    register_filter("country", _("Country"), country_name)
    register_filter("country_of", _("Country of"), dict(CountryOf.choices))
    register_filter("organisation_type", _("Type of organisation"), dict(OrganisationType.choices))
    register_filter("consent", _("Consent"), dict(Standing.choices))
    register_filter("purpose", _("Consent for"), dict(Purpose.choices))
    register_filter("last_call", _("Last call"), dict(LastCall.choices))
    register_filter("language", _("Preferred language"), language_name)
    register_filter("team", _("Team"), say_team)
    register_filter("restricted", _("Restricted only"), {"on": _("yes")})
    register_filter("sort", _("Order"), dict(Sort.choices))


def say_team(key: str) -> str:
    return str(Team.objects.filter(pk=key).first() or key)
