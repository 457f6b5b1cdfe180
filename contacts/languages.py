"""Languages a caller may prefer: those heard on the line, by ISO 639 code. Not the languages of the product."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "en": _("English"),
    "fr": _("French"),
    "am": _("Amharic"),
    "ar": _("Arabic"),
    "bn": _("Bengali"),
    "yue": _("Cantonese"),
    "zh": _("Chinese"),
    "nl": _("Dutch"),
    "de": _("German"),
    "gu": _("Gujarati"),
    "he": _("Hebrew"),
    "hi": _("Hindi"),
    "id": _("Indonesian"),
    "it": _("Italian"),
    "ja": _("Japanese"),
    "km": _("Khmer"),
    "ko": _("Korean"),
    "ckb": _("Kurdish"),
    "cmn": _("Mandarin"),
    "ml": _("Malayalam"),
    "ne": _("Nepali"),
    "ps": _("Pashto"),
    "fa": _("Persian"),
    "pl": _("Polish"),
    "pt": _("Portuguese"),
    "pa": _("Punjabi"),
    "ro": _("Romanian"),
    "ru": _("Russian"),
    "sr": _("Serbian"),
    "si": _("Sinhala"),
    "so": _("Somali"),
    "es": _("Spanish"),
    "sw": _("Swahili"),
    "tl": _("Tagalog"),
    "ta": _("Tamil"),
    "te": _("Telugu"),
    "th": _("Thai"),
    "ti": _("Tigrinya"),
    "tr": _("Turkish"),
    "uk": _("Ukrainian"),
    "ur": _("Urdu"),
    "vi": _("Vietnamese"),
    "yo": _("Yoruba"),
}


def language_name(code: str) -> str:
    """The code itself where we have no name for it."""
    return str(LANGUAGES.get(code, code))
