"""Misspelt names are found with the dictionary of name words (issue 3, performance §8.2), which forgets at night."""

import pytest
from django.db import connection

from contacts import dictionary
from contacts.folding import HasWords
from contacts.models import Contact, NameWord
from contacts.search import FEW, search, spelled_nearly
from contacts.tasks import forget_unused_words
from tests.contacts.crowd import crowd, plan_as_if_large
from tests.factories import ContactFactory, TeamFactory


def found_by(query, user):
    return [match.contact for match in search(query, user).matches]


PROBES = [
    ("Nguyễn Thị Ánh", "Nguyne Thi Anh"),
    ("Nguyễn Thị Ánh", "Ngyuen Ti Anh"),
    ("Muhammad Karim", "Mohammed Karim"),
    ("Mohammed Karim", "Muhamad Kareem"),
    ("Yusuf Demir", "Youssef Demir"),
    ("Catherine Stephens", "Katherine Stefens"),
    ("Olena Kovalenko", "Olena Kovalneko"),
    ("Olena Kovalenko", "Kovalenka Elena"),
    ("John Smith", "Jhon Smiht"),
    ("John Smith", "John Smyth"),
    ("Klaus Schmidt", "Klaus Schmitt"),
    ("María Fernández", "Maria Fernadez"),
    ("Zhang Wei", "Zahng Wei"),
    ("Aisha Siddiqui", "Ayesha Sidiqi"),
    ("Łukasz Zmyślony", "Lucasz Zmislony"),
    ("Sara Mikhailova", "Sarah Michailova"),
    ("D'Arcy O'Fictional-Smythe", "Darcy Fictoinal"),
    ("أحمد النجّار الخيالي", "احمد النجر"),
    ("Олена Коваленко", "Коваленка"),
]


@pytest.mark.parametrize(("name", "typed"), PROBES)
def test_a_misspelt_name_is_found(specialist, name, typed):
    contact = ContactFactory(name=name)
    ContactFactory(name="Ama Storybrook")

    assert found_by(typed, specialist) == [contact]


def test_a_misspelt_organisation_is_found(specialist):
    contact = ContactFactory(organisation="Pennywhistle & Moot LLP")

    assert found_by("penywistle moot", specialist) == [contact]


def test_it_says_which_words_are_only_alike_and_is_never_certain(specialist):
    ContactFactory(name="Olena Kovalenko")

    (match,) = search("Olena Kovalneko", specialist).matches

    assert [(reason.label, reason.term) for reason in match.reasons] == [
        ("Name starts", "Olena"),
        ("Spelled like", "Kovalneko"),
    ]
    assert not match.is_certain


def test_the_nearest_name_comes_first_and_after_what_was_typed(specialist):
    for name in ["Muhammad Ali", "Mohammed Alli", "Mohamed Ali"]:
        ContactFactory(name=name)

    names = [contact.name for contact in found_by("Mohamed Ali", specialist)]

    assert names[0] == "Mohamed Ali"
    assert set(names[1:]) == {"Muhammad Ali", "Mohammed Alli"}


def test_enough_matches_as_typed_leave_out_what_is_only_alike(specialist):
    ContactFactory.create_batch(FEW, name="Olena Kovalenko")
    ContactFactory(name="Olena Kowalenko")

    assert {contact.name for contact in found_by("kovalenko", specialist)} == {"Olena Kovalenko"}


def test_every_word_must_be_alike(specialist):
    ContactFactory(name="Olena Kovalenko")

    assert found_by("Olena Storybrook", specialist) == []


def test_digits_narrow_a_misspelt_name(specialist):
    contact = ContactFactory(name="Olena Kovalenko", phone="+14035550142")
    ContactFactory(name="Olena Kovalenko", phone="+14035550199")

    assert found_by("Kovalneko 0142", specialist) == [contact]


def test_a_misspelt_name_finds_nobody_one_may_not_see(specialist):
    ContactFactory(name="Olena Kovalenko", restricted=True)
    ContactFactory(name="Olena Kovalenko", team=TeamFactory(name="Trade Missions"))

    found = search("Olena Kovalneko", specialist)

    assert (found.matches, found.hidden_count) == ([], 0)


# the dictionary


def known_words():
    return set(NameWord.objects.values_list("word", flat=True))


def test_the_words_of_a_new_contact_are_learnt(db):
    ContactFactory(name="Олена", name_latin="Olena O'Neill", organisation="1234567 Alberta Ltd.")

    assert known_words() == {"олена", "olena", "neill", "alberta", "ltd"}


def test_the_words_of_a_changed_name_are_learnt_even_past_the_orm(db):
    contact = ContactFactory(name="Olena")

    Contact.objects.filter(pk=contact.pk).update(name="Yaroslava")  # no audit: a test

    assert "yaroslava" in known_words()


def test_words_nobody_has_any_more_are_forgotten_at_night(db):
    kept, erased = ContactFactory(name="Olena Kovalenko"), ContactFactory(name="Olena Storybrook")
    erased.name = ""
    erased.save()
    assert "storybrook" in known_words()

    forget_unused_words()

    assert known_words() == set(kept.name.lower().split())


def test_the_night_says_how_many_and_learns_what_is_missing(db):
    ContactFactory(name="Olena Kovalenko")
    NameWord.objects.filter(word="olena").delete()
    NameWord.objects.create(word="storybrook")

    assert (dictionary.forget_unused_words(), known_words()) == (1, {"olena", "kovalenko"})


@pytest.mark.parametrize(
    "pair",
    [
        "mohammed muhammad",
        "yusuf youssef",
        "sara sarah",
        "schmidt schmitt",
        "kovalenko kovalneko",
        "khan kan",
        "zhang zahng",
        "jackson jakson",
    ],
)
def test_words_that_sound_alike_have_one_skeleton(db, pair):
    skeletons = NameWord.objects.bulk_create([NameWord(word=word) for word in pair.split()])

    assert len({word.skeleton for word in NameWord.objects.filter(pk__in=[word.pk for word in skeletons])}) == 1


def test_at_most_eight_words_stand_for_one_typed(db):
    NameWord.objects.bulk_create(NameWord(word=f"koval{letter}enko") for letter in "abcdefghijklmnop")

    with connection.cursor() as cursor:
        cursor.execute("SELECT i2a_misspelt('kovalenko')")
        ((query,),) = cursor.fetchall()

    assert query.count(" | ") == 8


def test_the_dictionary_and_the_words_are_asked_by_their_indexes(specialist):
    crowd(specialist.team)
    plan_as_if_large()

    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT * FROM contacts_nameword WHERE word % 'kovalneko' OR skeleton = i2a_skeleton('kovalneko')"
        )
        dictionary_plan = str(cursor.fetchall())
    contacts_plan = Contact.objects.filter(HasWords("words", spelled_nearly("kovalneko"))).explain()
    assert "name_word_trigrams" in dictionary_plan
    assert "name_word_skeleton" in dictionary_plan
    assert "contact_words" in contacts_plan
