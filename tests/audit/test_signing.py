"""The cursor that signs writes also keeps values out of what it raises."""

import logging

import pytest
from django.db import IntegrityError, transaction

from access.models import User
from contacts.models import Contact
from tests.factories import ContactFactory

pytestmark = pytest.mark.django_db
NAME = "zoe" + ".secret"  # so that no line of this file has it, as a traceback shows them


def twice():
    User.objects.create(username=NAME)
    User.objects.create(username=NAME)


def against_a_rule():
    Contact.objects.filter(pk=ContactFactory(name=NAME).pk).update(category="nobody")


@pytest.mark.parametrize("break_a_rule", [twice, against_a_rule])
def test_an_error_of_the_database_names_the_rule_and_no_value_of_the_row(break_a_rule, caplog):
    try:
        with transaction.atomic():
            break_a_rule()
    except IntegrityError:
        logging.getLogger("test").exception("as a worker logs it")

    assert "violates" in caplog.text
    assert NAME not in caplog.text
