"""Text as a person reads it: digits of every script, every kind of dash and space, nothing invisible."""

import unicodedata


def as_read(text: str) -> tuple[str, list[int]]:
    """The text with 0-9 for digits of every script, "-" for dashes, " " for spaces; and where each character was."""
    plain, places = [], []
    for place, character in enumerate(text):
        if (shown := character_as_read(character)) is not None:
            plain.append(shown)
            places.append(place)
    return "".join(plain), places


def character_as_read(character: str) -> str | None:
    """One character, None for an invisible one."""
    if character.isascii():
        return " " if character.isspace() else character
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in {"Cf", "Mn"}:
        return None
    if category == "Pd" or character in "−⁃·•‧":
        return "-"
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character
