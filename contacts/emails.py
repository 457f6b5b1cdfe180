"""E-mail addresses: one normalised form, and the fingerprint by which consent and suppression follow an address."""

import hashlib
import hmac
import re
import unicodedata
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 254
MAX_LOCAL_PART = 64
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # bidi controls are among the format characters (Cf)
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL_PART = re.compile(rf"{ATOM}(\.{ATOM})*")
is_domain = DomainNameValidator(accept_idna=False)


class NotAnAddress(ValueError):
    """Not one single e-mail address (R-CON-10)."""


def normalised(typed: str) -> str:
    """The address with its domain in lower case and readable letters; the local part as it was typed.

    Refused: several addresses, display names, line breaks, bidi controls, a local part outside ASCII or over 64
    characters, and letters of a domain that only look ASCII (`exam\u017fle.com`), which would deliver somewhere else.

    :raises NotAnAddress: for all of these.
    """
    local, _at, domain = typed.strip(" ").rpartition("@")
    domain = domain.removesuffix(".")  # the root of all domains, which nobody means to type
    if len(typed) > MAX_LENGTH or any(unicodedata.category(character) in INVISIBLE for character in typed):
        raise NotAnAddress
    if len(local) > MAX_LOCAL_PART or not LOCAL_PART.fullmatch(local):
        raise NotAnAddress
    address = f"{local}@{_readable(_wire_form(domain))}"
    if len(f"{local}@{_wire_form(domain)}") > MAX_LENGTH:
        raise NotAnAddress
    return address


def fingerprint(email: str) -> str:
    """HMAC-SHA256 of a normalised address, blind to case and to how the domain is spelt; "" for no address.

    :raises NotAnAddress: `email` was never normalised.
    """
    if not email:
        return ""
    local, _at, domain = email.rpartition("@")
    return keyed_digest(f"{local.lower()}@{_wire_form(domain)}")


def keyed_digest(text: str) -> str:
    """HMAC-SHA256 with the key that outlives SECRET_KEY (R-CNS-06), in hexadecimal."""
    return hmac.new(settings.I2A_HMAC_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _wire_form(domain: str) -> str:
    """The domain as DNS spells it: `xn--…` for letters outside ASCII."""
    try:
        labels = [(label, label.encode("idna").decode("ascii").lower()) for label in domain.split(".")]
        wire = ".".join(encoded for _label, encoded in labels)
        is_domain(wire)
    except (UnicodeError, ValidationError):
        raise NotAnAddress from None
    if any(not label or (not label.isascii() and not encoded.startswith("xn--")) for label, encoded in labels):
        raise NotAnAddress
    return wire


def _readable(wire: str) -> str:
    try:
        return wire.encode("ascii").decode("idna")
    except UnicodeError:  # an `xn--` label that decodes to nothing
        raise NotAnAddress from None


class OneEmailField(forms.CharField):
    """One e-mail address, normalised."""

    widget = forms.EmailInput
    default_error_messages = {"not_an_address": _("Enter one e-mail address.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        typed = "" if value in self.empty_values else str(value).strip(" ")
        try:
            return normalised(typed) if typed else ""
        except NotAnAddress:
            raise ValidationError(self.error_messages["not_an_address"], code="not_an_address") from None

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "ltr", "autocomplete": "off", "spellcheck": "false"}
