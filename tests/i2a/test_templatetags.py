"""The tags and filters of i2a_ui, drawn without a database."""

import re
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from i2a import clock

NOW = datetime(2026, 11, 19, 20, 12, 8, tzinfo=UTC)  # Thursday 19 November, 2:12:08 pm in Edmonton


@pytest.fixture(autouse=True)
def the_clock_stands(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def draw(source, **context):
    return Template("{% load i2a_ui %}" + source).render(Context(context))


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class CallForm(forms.Form):
    name = forms.CharField(required=False)
    email = forms.EmailField(label="E-mail", help_text="To send what they ask for.")
    category = forms.ChoiceField(
        choices=[("self", "Foreign national"), ("other", "Other")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select the client category."},
    )
    topics = forms.MultipleChoiceField(
        choices=[(n, f"Topic {n}") for n in range(1, 12)], widget=forms.CheckboxSelectMultiple
    )

    def clean(self):
        raise forms.ValidationError("Record at least one way to reach the client.")


# Time


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [(6, 5, "12:05 am"), (15, 0, "9:00 am"), (18, 30, "12:30 pm"), (20, 8, "2:08 pm")],
)
def test_times_of_day_have_twelve_hours(hour, minute, said):
    assert draw("{{ at|edmonton_time }}", at=datetime(2026, 11, 19, hour, minute, tzinfo=UTC)) == said


def test_a_time_can_be_said_to_the_second():
    assert draw('{{ at|edmonton_time:"seconds" }}', at=NOW) == "2:12:08 pm"


def test_french_times_have_twenty_four_hours():
    with override("fr-ca"):
        assert draw("{{ at|edmonton_time }}", at=NOW).split("\N{NO-BREAK SPACE}") == ["14", "h", "12"]
        to_the_second = draw('{{ at|edmonton_time:"seconds" }}', at=NOW)
        assert to_the_second.split("\N{NO-BREAK SPACE}") == ["14", "h", "12", "min", "08", "s"]


def test_a_day_is_written_out_in_the_language_of_the_page():
    assert draw("{{ at|edmonton_day }}", at=NOW) == "Thursday 19 November 2026"
    assert draw("{{ on|edmonton_day }}", on=date(2026, 11, 19)) == "Thursday 19 November 2026"
    with override("fr-ca"):
        assert draw("{{ at|edmonton_day }}", at=NOW) == "jeudi 19 novembre 2026"


def test_the_day_is_edmontons_and_not_utcs():
    assert draw("{{ at|edmonton_day }}", at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC)) == "Thursday 19 November 2026"


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 19, 21, 51, tzinfo=UTC), "today 3:51 pm"),
        (datetime(2026, 11, 19, 15, 20, tzinfo=UTC), "today 9:20 am"),
        (datetime(2026, 11, 20, 15, 20, tzinfo=UTC), "Fri 9:20 am"),
        (datetime(2026, 11, 30, 15, 20, tzinfo=UTC), "30 Nov, 9:20 am"),
        (datetime(2026, 11, 18, 21, 51, tzinfo=UTC), "18 Nov, 3:51 pm"),
        (datetime(2025, 11, 18, 22, 51, tzinfo=UTC), "18 Nov 2025, 3:51 pm"),
    ],
)
def test_when_is_as_short_as_is_clear(at, said):
    assert draw("{{ at|when }}", at=at) == said


def test_french_months_are_lower_case():
    with override("fr-ca"):
        assert draw("{{ at|when }}", at=datetime(2026, 11, 18, 21, 51, tzinfo=UTC)) == "18 nov, 15\xa0h\xa051"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (45, "45 s"), (360, "6 min"), (450, "7 min 30 s"), (665, "11 min 05 s"), (3900, "1 h 05 min")],
)
def test_durations_are_said_in_two_units_at_most(seconds, said):
    assert draw("{{ seconds|duration }}", seconds=seconds) == said


def test_no_time_is_an_empty_text():
    assert draw("{{ at|edmonton_time }}{{ at|edmonton_day }}{{ at|when }}{{ at|duration }}{{ at|iso }}", at=None) == ""


def test_the_zone_is_never_abbreviated():
    said = draw('{{ at|edmonton_time:"seconds" }} {{ at|edmonton_day }} {{ at|when }} {{ at|iso }}', at=NOW)

    assert not re.search(r"\b[MC][SD]T\b", said)
    assert said.endswith("2026-11-19T14:12:08-06:00")


# Names and numbers


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+17805550142", "780-555-0142"),
        ("+380441234567", "044 123 4567 (Ukraine)"),
        ("+12065550100", "206-555-0100 (United States of America)"),
        ("+18005550199", "800-555-0199"),
        ("not a number", "not a number"),
    ],
)
def test_a_phone_number_is_shown_in_national_format_with_its_country(number, said):
    assert draw("{{ number|phone }}", number=number) == said


def test_a_phone_number_keeps_its_direction_and_extension():
    html = draw('{% phone number ext="12" %}', number="+17805550142")

    assert html.startswith('<bdi dir="ltr" class="mono">780-555-0142</bdi>')
    assert text_of(html) == "780-555-0142 ext. 12"


def test_a_name_is_isolated_from_the_text_around_it():
    assert draw("({% person name %})", name="یاسمین رحیمی") == '(<bdi dir="auto">یاسمین رحیمی</bdi>)'


def test_a_latin_name_stands_before_the_name_in_its_own_script():
    assert text_of(draw("{% person name latin=latin %}", name="王芳", latin="Wang Fang")) == "Wang Fang 王芳"
    assert text_of(draw("{% person name latin=name %}", name="Wang Fang")) == "Wang Fang"


# Parts


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in draw('{% icon "call" %}')
    assert 'role="img" aria-label="Late"' in draw('{% icon "warn" label="Late" %}')


def test_every_icon_of_the_product_is_drawn_once():
    names = re.findall(r'id="i-([a-z]+)"', Template('{% include "components/icons.html" %}').render(Context()))

    assert len(names) == len(set(names))
    assert {"call", "people", "clock", "mail", "history", "key", "check", "warn", "stop"} <= set(names)


@pytest.mark.parametrize("source", ["{% badge name %}", "{% person name %}", "{% note %}{{ name }}{% endnote %}"])
def test_what_people_type_stays_text(source):
    html = draw(source, name="<script>alert(1)</script>")

    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_fact_without_a_value_says_so():
    assert text_of(draw('{% fact "Fax" %} {% endfact %}')) == "Fax None"
    assert text_of(draw('{% fact "Fax" empty="Not asked" %}{% endfact %}')) == "Fax Not asked"
    assert 'class="mono"' in draw('{% fact "E-mail" mono=True %}a@example.org{% endfact %}')


def test_a_box_carries_its_number_and_its_key():
    html = draw('{% box 4 "Asked about" short="Asked" %}<p>fields</p>{% endbox %}')

    assert 'id="box-4" data-i2a-box="4" aria-keyshortcuts="Alt+4 Control+Alt+4"' in html
    assert '<legend class="visually-hidden">4. Asked about</legend>' in html
    assert "<p>fields</p>" in html


def test_a_clock_places_its_bars_by_attributes_only():
    bar = SimpleNamespace(x="33.4%", width="10.7%")
    face = SimpleNamespace(tone="soon", day=[bar], left=[bar], due_x="44.1%")

    html = draw('{% load drawn %}{% clock face "1 h 39 min" due="until 3:51 pm" %}', face=face)

    assert '<rect class="left" x="33.4%" y="2" width="10.7%"' in html
    assert "style=" not in html
    assert text_of(html) == "1 h 39 min until 3:51 pm"


def test_a_list_without_neighbours_has_no_steps():
    assert text_of(draw("{% keyset %}")) == ""
    assert text_of(draw('{% keyset older="?after=5" summary="Calls 1 to 50" %}')) == "Calls 1 to 50 Older"


def test_undo_is_a_form_with_the_proof_of_origin():
    html = draw('{% toast "Call saved." undo_url="/undo/" %}', csrf_token="abc")

    assert '<form class="push" method="post" action="/undo/">' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert 'data-i2a-key="Alt+Z"' in html


def test_what_went_wrong_does_not_hide_by_itself():
    assert "data-i2a-hide-after" in draw('{% toast "Saved." %}')
    assert "data-i2a-hide-after" not in draw('{% toast "Not saved." tone="stop" %}')


# Words read aloud


def test_the_words_carry_their_language_and_version():
    html = draw(
        '{% say "Say: future contact" en=en fr=fr number=7 name="consent_language" %}',
        en=SimpleNamespace(body="May we contact you later?", number=4),
        fr=SimpleNamespace(body="Pouvons-nous vous recontacter ?", number=2),
    )

    assert '<blockquote lang="en">May we contact you later?</blockquote>' in html
    assert '<blockquote lang="fr">Pouvons-nous vous recontacter ?</blockquote>' in html
    assert "Wording 4" in html
    assert "Wording 2" in html


def test_the_language_on_show_is_what_is_sent():
    html = draw('{% say "Say" en="Hello" fr="Bonjour" name="language" language="fr-ca" %}')

    sent = re.findall(r'name="language" value="(\w+)"', html)
    assert sent == ["fr", "en"]  # hidden first, then the switch: of two values of a name the last one counts
    assert html.index("Bonjour") < html.index("Hello")


def test_words_in_one_language_have_no_switch():
    assert "say-switch" not in draw('{% say "Say" en="Hello" name="language" %}')


# Forms


def test_a_field_ties_hint_and_error_to_its_control():
    html = draw("{% field form.email span=3 mono=True %}", form=CallForm({"email": "x"}))

    assert 'class="f3"' in html
    assert re.search(r'<input[^>]*class="mono emailinput form-control is-invalid"', html)
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_email_error"' in html
    assert 'id="id_email_helptext"' in html


def test_a_field_that_reveals_can_tell_empty_from_filled():
    html = draw('{% field form.name reveals="a" %}', form=CallForm())

    assert 'data-i2a-reveals="a"' in html
    assert 'placeholder=" "' in html


def test_chips_show_the_digit_that_picks_them():
    html = draw('{% chips form.topics legend="Asked about" %}', form=CallForm({"topics": ["2"]}))

    assert 'role="group" aria-label="Asked about" data-i2a-digits' in html
    assert re.findall(r'class="k" aria-hidden="true">(\d*)<', html) == [*"123456789", "", ""]
    assert re.search(r'id="id_topics_1" value="2" checked', html)


def test_two_groups_of_chips_can_share_the_digits():
    html = draw("{% chips form.category digits_from=8 %}", form=CallForm())

    assert re.findall(r'class="k" aria-hidden="true">(\d*)<', html) == ["8", "9"]
    assert "data-i2a-digits" not in html


def test_chips_outside_their_form_name_it_and_reveal_rows():
    html = draw(
        '{% chips form.category layout="stack" form_id="call-form" reveals="other:b" %}',
        form=CallForm({"topics": ["1"]}),
    )

    assert 'role="radiogroup"' in html
    assert html.count('form="call-form"') == 2
    assert 'value="other" form="call-form" data-i2a-reveals="b" aria-describedby="id_category_error"' in html
    assert '<p class="field-error" id="id_category_error">Select the client category.</p>' in html


def test_the_error_summary_links_to_the_controls():
    html = draw("{% error_summary form %}", form=CallForm({"email": "x", "topics": ["1"]}))

    assert 'role="alert" tabindex="-1" data-i2a-errors' in html
    assert "3 answers need another look." in html
    assert '<a href="#id_email">' in html
    assert '<a href="#id_category_0">Select the client category.</a>' in html
    assert "<li>Record at least one way to reach the client.</li>" in html


def test_the_same_error_twice_names_its_field():
    html = draw("{% error_summary form %}", form=CallForm({}))

    assert "E-mail: This field is required." in html
    assert "Topics: This field is required." in html


def test_a_form_without_errors_has_no_summary():
    assert draw("{% error_summary form %}", form=CallForm()).strip() == ""


def test_crispy_says_optional_in_words():
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": CallForm({})}))

    assert re.search(r'for="id_name"[^>]*>Name <span class="aside">optional</span>', html)
    assert re.search(r'for="id_email"[^>]*>E-mail</label>', html)
    assert "asteriskField" not in html
    assert "INVALID" not in html


# Shell


def test_the_lookup_posts_what_is_typed_and_never_puts_it_in_an_address():
    html = draw('{% lookup_form action="/calls/desk/" q=q big=True %}', q='"0142"', csrf_token="abc")

    assert '<form method="post" action="/calls/desk/">' in html
    assert 'hx-post="/calls/desk/"' in html
    assert "hx-get" not in html
    assert 'value="&quot;0142&quot;"' in html


def test_the_language_switch_is_a_post_that_returns_here():
    request = RequestFactory().get("/contacts/?show=calls")

    html = draw("{% language_switch %}", request=request, csrf_token="abc")

    assert 'method="post"' in html
    assert 'name="next" value="/contacts/?show=calls"' in html
    assert 'name="language" value="fr-ca"' in html
    with override("fr-ca"):
        assert 'name="language" value="en-ca"' in draw("{% language_switch %}", request=request, csrf_token="abc")


def test_behaviours_are_modules_by_name():
    html = draw('{% behaviours "boxes draft" %}')

    tag = '<script type="module" src="/static/js/{}.js"></script>'
    assert html == tag.format("boxes") + "\n" + tag.format("draft")
