"""The public notice (R-CON-06)."""

import pytest

from contacts.models import TextVersion
from i2a import clock

pytestmark = pytest.mark.django_db


def test_anybody_may_read_it(client):
    html = client.get("/privacy/").content.decode()

    for words in ["section 4(c)", "Manager, I2A Information Service", "Commerce Place, 10155 – 102 St.", "automated"]:
        assert words in html


def test_it_quotes_the_notice_in_force(client):
    TextVersion.objects.create(
        kind="collection_notice",
        language="en",
        number=99,
        body="We write down what you tell us.",
        valid_from=clock.now(),
    )

    assert "We write down what you tell us." in client.get("/privacy/").content.decode()


def test_it_stands_without_a_notice_in_force(client):
    TextVersion.objects.all().delete()

    assert client.get("/privacy/").status_code == 200


def test_it_speaks_french(client):
    html = client.get("/privacy/", headers={"Accept-Language": "fr"}).content.decode()

    assert "How we handle what you tell us" not in html
    assert 'lang="fr' in html
