"""Words read aloud, as they are in force."""

from datetime import datetime

from contacts.choices import Language, TextKind
from contacts.models import TextVersion

Texts = dict[str, dict[str, TextVersion]]


def texts_in_force(now: datetime) -> Texts:
    """What is read aloud now: kind -> language -> version. One query."""
    texts: Texts = {}
    for version in TextVersion.objects.in_force(now):
        texts.setdefault(version.kind, {})[version.language] = version
    return texts


def spoken(texts: Texts, kind: TextKind, language: str) -> TextVersion | None:
    versions = texts.get(kind, {})
    return versions.get(language) or versions.get(Language.EN)
