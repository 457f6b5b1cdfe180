"""A phone number in words a person can read aloud."""

import phonenumbers
from django_countries import countries

HOME_CODE = 1  # the North American plan, shared by Canada, the United States and others
HOME_REGION = "CA"


def phone_text(number: str) -> str:
    """A stored number (E.164) as people write it: "780-555-0142", "044 123 4567 (Ukraine)" (R-CON-09).

    What cannot be read as a number comes back unchanged: it is shown as it was typed.
    """
    try:
        parsed = phonenumbers.parse(number, HOME_REGION)
    except phonenumbers.NumberParseException:
        return number
    country = _country_beyond_home(parsed)
    digits = str(parsed.national_number)
    if parsed.country_code == HOME_CODE and len(digits) == 10:
        text = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    else:
        text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{text} ({country})" if country else text


def _country_beyond_home(parsed: phonenumbers.PhoneNumber) -> str:
    """Empty for Canada, and for toll-free numbers, which belong to no country."""
    if parsed.country_code == HOME_CODE and phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.TOLL_FREE:
        return ""
    region = phonenumbers.region_code_for_number(parsed)
    return str(countries.name(region)) if region and region != HOME_REGION else ""
