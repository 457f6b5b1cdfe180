from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import override

from audit.registry import auditlog
from contacts.models import Contact
from i2a.field_names import NAMES, name_of
from i2a.personal_data import RECORDS


def told():
    """Every column that the audit or the data dictionary names."""
    for model in auditlog.get_models():
        for name in auditlog.get_model_fields(model)["include_fields"]:
            yield model._meta.get_field(name)
    for label, record in RECORDS.items():
        for about in record.personal:
            yield from map(apps.get_model(label)._meta.get_field, about.columns.split())


def test_every_column_that_a_page_names_can_be_said_in_french():
    with override("en-ca"):
        known = {str(name) for name in NAMES}

    assert {field.verbose_name for field in told() if not isinstance(field.verbose_name, Promise)} - known == set()


def test_a_column_is_called_in_the_reader_s_language():
    fields = [Contact._meta.get_field(name) for name in ["future_contact", "email"]]

    with override("fr-ca"):
        assert [name_of(field) for field in fields] == ["contact futur", "courriel"]
