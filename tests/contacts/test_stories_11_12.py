"""Stories 11 and 12: every name of many scripts and every phone of the world is found by any spelling."""

import pytest

from contacts import phones
from contacts.search import search
from tests.factories import ContactFactory

LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 4

NAMES = {
    "أحمد النجّار الخيالي": ["النجار", "احمد النجار", "أحمد", "النجّار الخيالي"],
    "王虚构": ["王", "王虚", "王虚构"],
    "Nguyễn Thị Ánh Tưởng Tượng": ["Nguyen thi anh", "NGUYỄN", "tuong tuong", "Nguye\u0302\u0303n"],
    "Łukasz Zmyślony": ["LUKASZ zmyslony", "łukasz", "zmysl"],
    "D'Arcy O'Fictional-Smythe": ["d'arcy", "D’Arcy O’Fictional", "smythe", "fictional smythe", "o'fictional-smythe"],
    "Rekaan": ["rekaan", "REK"],
    "Zoé Inventée": ["Zoe\u0301", "zoe inventee", "INVENTÉE"],
    LONG_NAME.strip()[:120]: ["wolfeschlegelsteinhausenbergerdorff", "wolfe"],
}
PHONES = {
    ("+63 917 555 0143", "CA"): ["639175550143", "0063 917 555 0143", "0917 555 0143", "917-555-0143", "0143"],
    ("00971 50 555 0147", "CA"): ["+971505550147", "011 971 50 555 0147", "050 555 0147", "٠٥٠٥٥٥٠١٤٧", "5550147"],
    ("011 86 139 5550 0199", "CA"): ["+86 139 5550 0199", "0086 13955500199", "139 5550 0199", "55500199"],
    ("+234 803 555 0121", "CA"): ["0803 555 0121", "234 803 555 0121", "+234-803-555-0121", "0121"],
    ("+52 55 5555 0186", "CA"): ["0052 55 5555 0186", "55 5555 0186", "(55) 5555-0186", "011525555550186"],
    ("+55 11 95555-0134", "CA"): ["5511955550134", "0055 11 95555 0134", "011 55 11 95555-0134", "(11) 95555-0134"],
    ("+91 98555 50123", "CA"): ["098555 50123", "98555-50123", "0091 9855550123", "50123"],
    ("٠٥٠٥٥٥٠١٤٧", "AE"): ["00971 50 555 0147", "+971 50 555 0147", "۰۵۰۵۵۵۰۱۴۷", "٠١٤٧"],
    ("780 555 0117", "CA"): [
        "+1 780 555 0117",
        "(780) 555-0117",
        "1-780-555-0117",
        "780.555.0117",
        "7805550117",
        "0117",
    ],
    ("403-555-0142 x204", "CA"): ["403 555 0142", "403-555-0142 x204", "4035550142 ext. 204", "+14035550142 poste 204"],
}


@pytest.mark.parametrize(("name", "typed"), [(name, typed) for name, spellings in NAMES.items() for typed in spellings])
def test_a_name_of_story_11_is_found(specialist, name, typed):
    contact = ContactFactory(name=name)
    ContactFactory(name="Somebody Else")

    assert [match.contact for match in search(typed, specialist).matches] == [contact]


@pytest.mark.parametrize(
    ("number", "typed"), [(number, typed) for number, spellings in PHONES.items() for typed in spellings]
)
def test_a_phone_of_story_12_is_found(specialist, number, typed):
    contact = ContactFactory(phone=phones.read_number(*number).e164)
    ContactFactory(phone="+14165550999")

    assert [match.contact for match in search(typed, specialist).matches] == [contact]


@pytest.mark.parametrize("number", PHONES)
def test_the_number_as_it_was_entered_at_home_or_from_abroad_is_a_certain_match(specialist, number):
    stored = phones.read_number(*number)
    contact = ContactFactory(phone=stored.e164)

    assert [match.contact for match in search(stored.e164, specialist).certain] == [contact]
