"""What a record is called in the audit: its kind and its reference, never a caller's name; and where it can be read.

Nothing is registered for this: a model with `uid` and `get_absolute_url` has a page; any other belongs to the first
such record that it points at (a note to its contact, a pause to its follow-up), and is named after that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import BooleanField, Exists, F, OuterRef, Q, QuerySet, TextField, UUIDField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import resolve
from django.utils.translation import gettext_lazy

from audit.registry import auditlog
from i2a.personal_data import RECORDS

Model = type[models.Model]
MOST_ABOUT_ONE = 5_000
NUMBER = re.compile(r" \(#[^()]*\)$")
REFERENCE = re.compile(r"[A-Z]-\d{4}-\d+$")


_others: dict[str, str] = {}


@dataclass(frozen=True)
class Named:
    """`kind` in words; `ref` what it is called; `url` is "" for who may not open it."""

    kind: str
    ref: str = ""
    url: str = ""

    @property
    def is_reference(self) -> bool:
        """Not a title or a colleague's name: it is set in letters of one width."""
        return REFERENCE.match(self.ref) is not None


@dataclass(frozen=True)
class Target:
    """One record that the audit is asked about."""

    model: Model
    pk: int
    uid: UUID


@cache
def pages() -> tuple[Model, ...]:
    """The models whose records have a page of their own."""
    ours = (model for model in apps.get_models() if model._meta.label in RECORDS)
    return tuple(model for model in ours if has_page(model))


def has_page(model: Model) -> bool:
    return hasattr(model, "get_absolute_url") and has_uid(model)


@cache
def has_uid(model: Model) -> bool:
    """One of ours: what a sign-in elsewhere calls `uid` is another thing."""
    return any(field.name == "uid" and isinstance(field, models.UUIDField) for field in model._meta.concrete_fields)


@cache
def owner_field(model: Model) -> str:
    """The key to the record that a record of this model belongs to, "" when there is none.

    First one with a page, then one that itself belongs to a record with a page (a text to its note, and so to a
    contact), last a colleague: who did it comes after what it is about.
    """
    people = get_user_model()
    others = [field for field in links(model) if field.related_model is not people]
    near = [field for field in others if has_page(field.related_model)]
    far = [field for field in others if leads_far(field.related_model)]
    by = [field for field in links(model) if field.related_model is people]
    return next((field.name for field in [*near, *far, *by]), "")


def links(model: Model) -> list[Any]:
    keys = (field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey))
    return [field for field in keys if field.related_model is not model]


def leads_far(model: Model) -> bool:
    """A record of ours without a page whose owner, or the owner's owner, has one that is no colleague's."""
    if has_page(model) or model._meta.label not in RECORDS:
        return False
    page = page_path(model)[1]
    return page is not None and page is not get_user_model()


def register_other(label: str, way: str) -> None:
    """`way` to the reference of a record of this model that belongs to none with a page: a note on a call."""
    _others[label] = way


@cache
def other_path(model: Model) -> str:
    """That way, also from what belongs to it."""
    if model._meta.label in _others or has_page(model):
        return _others.get(model._meta.label, "")
    above = owner(model)
    path = other_path(above) if above else ""
    return f"{owner_field(model)}__{path}" if path else ""


def owner(model: Model) -> Model | None:
    name = owner_field(model)
    return model._meta.get_field(name).related_model if name else None  # type: ignore[return-value]


@cache
def page_path(model: Model) -> tuple[str, Model | None]:
    """The way from a record to the one with a page, "" for itself, and that one's model."""
    if has_page(model):
        return "", model
    above = owner(model)
    if above is None:
        return "", None
    path, page = page_path(above)
    return "__".join(filter(None, [owner_field(model), path])), page


@cache
def ref_path(model: Model) -> str:
    """The way to a reference or a title, "" when neither it nor what it belongs to has one: colleagues have names."""
    own = {field.name for field in model._meta.concrete_fields}
    for name in ["ref", "title"]:
        if name in own:
            return name
    above = owner(model)
    path = ref_path(above) if above and above is not get_user_model() else ""
    return f"{owner_field(model)}__{path}" if path else ""


@cache
def family(model: Model) -> tuple[Model, ...]:
    """A model with a page, and those whose records belong to its records."""
    known: Iterable[Model] = map(apps.get_model, RECORDS)
    return tuple(one for one in known if page_path(one)[1] is model)


def say_model(model: Model) -> str:
    declared = RECORDS.get(model._meta.label)
    return str(declared.title if declared else model._meta.verbose_name)


def without_number(words: str) -> str:
    """What a record says of itself, without its key: nobody knows that."""
    return NUMBER.sub("", words)


def model_of(object_type: str) -> Model | None:
    try:
        return apps.get_model(object_type)
    except (LookupError, ValueError):
        return None


def named(user: Any, keys: Iterable[tuple[Model, int]], uids: Iterable[tuple[str, UUID]]) -> dict[Any, Named]:
    """By (model, key) and by uid, in one statement; what has no reference and no page is not in it.

    A uid comes with the type that the audit has for it. One that is no model (a page that was refused) may be of any.
    """
    pks_of: dict[Model, set[int]] = defaultdict(set)
    uids_of: dict[Model, set[UUID]] = defaultdict(set)
    for model, pk in keys:
        if page_path(model)[1] is not None:
            pks_of[model].add(pk)
    for object_type, uid in uids:
        known = model_of(object_type)
        for model in [known] if known and has_uid(known) else pages():
            uids_of[model].add(uid)
    asked = dict.fromkeys([*pks_of, *uids_of])
    queries = [_query(model, pks_of[model], uids_of[model], user) for model in asked]
    if not queries:
        return {}
    found: dict[Any, Named] = {}
    for label, pk, uid, ref, page_uid, is_visible in queries[0].union(*queries[1:], all=True):
        of: Model = apps.get_model(label)
        page = page_path(of)[1]
        one = Named(say_model(of), ref or "", _url(page, page_uid, user) if page and is_visible else "")
        found[of, pk] = one
        if uid:
            found[uid] = one
    return found


def _query(model: Model, pks: set[int], uids: set[UUID], user: Any) -> QuerySet[Any]:
    path, page = page_path(model)
    of_uids = Q(uid__in=uids) if uids else Q(pk__in=[])
    rows: Any = model._base_manager.filter(Q(pk__in=pks) | of_uids)
    below = f"{path}__" if path else ""
    rows = rows.annotate(
        named_label=Value(model._meta.label, TextField()),
        named_uid=_uid(model),
        named_ref=_ref(model, page, below),
        named_page=F(f"{below}uid"),
        named_visible=_visible(page, f"{below}pk", user),
    )
    return rows.order_by().values_list("named_label", "pk", "named_uid", "named_ref", "named_page", "named_visible")


def _uid(model: Model) -> Any:
    return F("uid") if has_uid(model) else Cast(Value(None), UUIDField())


def _ref(model: Model, page: Any, below: str) -> Any:
    path = ref_path(model)
    if path:
        ways = [Cast(F(way), TextField()) for way in (path, other_path(model)) if way]
        return Coalesce(*ways) if len(ways) > 1 else ways[0]
    person = below if page is get_user_model() else person_path(model)
    if page is not get_user_model() and not person:
        return Value("", TextField())
    return Cast(Concat(f"{person}first_name", Value(" "), f"{person}last_name"), TextField())


def person_path(model: Model) -> str:
    """The way to the colleague whom a record is about, "" when it is about none."""
    return next((f"{field.name}__" for field in links(model) if field.related_model is get_user_model()), "")


def _visible(page: Any, key: str, user: Any) -> Any:
    manager = page._default_manager
    if not hasattr(manager, "visible_to"):
        return Value(True, BooleanField())
    return Exists(manager.visible_to(user).filter(pk=OuterRef(key)))


def _url(page: Any, uid: UUID | None, user: Any) -> str:
    if uid is None:
        return ""
    url: str = page(uid=uid).get_absolute_url()
    permission = getattr(resolve(url).func, "required_permission", None)
    return url if permission == "" or (permission and user.has_perm(permission)) else ""


def find(ref: str) -> Target | None:
    """The record of this reference, or of this uid when its kind has none."""
    uid = uid_of(ref)
    asked: dict[str, Any] = {"uid": uid} if uid else {"ref": ref}
    queries = [
        model._base_manager.filter(**asked)
        .annotate(named_label=Value(model._meta.label, TextField()))
        .order_by()
        .values_list("named_label", "pk", "uid")
        for model in pages()
        if uid or ref_path(model) == "ref"
    ]
    for label, pk, uid in queries[0].union(*queries[1:], all=True):
        return Target(apps.get_model(label), pk, uid)
    return None


def called(target: Target, user: Any) -> str:
    """ "Contact P-2026-000045", "Event Newcomers' evening"."""
    one = named(user, [(target.model, target.pk)], [])[target.model, target.pk]
    return f"{one.kind} {one.ref}".strip()


def uid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def about(target: Target) -> tuple[dict[Model, list[int]], list[UUID]]:
    """The record and all that belongs to it: keys by model for the changes, uids for what was opened."""
    keys: dict[Model, list[int]] = {target.model: [target.pk]}
    uids = [target.uid]
    ways = {model: _way_to(model, target.model) for model in apps.get_models() if model._meta.label in RECORDS}
    queries = [_belonging(model, way, target) for model, way in ways.items() if way]
    if queries:
        for label, pk, uid in queries[0].union(*queries[1:], all=True):
            keys.setdefault(apps.get_model(label), []).append(pk)
            if uid:
                uids.append(uid)
    return keys, uids


@cache
def _way_to(model: Model, page: Model) -> str:
    """From what belongs to a record of `page`, also if it has a page of its own; "" for all that does not. Only what
    the audit can know of; whatever a colleague made or decided is no part of the colleague."""
    if not (auditlog.contains(model) or has_uid(model)):
        return ""
    way, of = (owner_field(model), page) if owner(model) is page else page_path(model)
    return way if of is page and not way.endswith("by") else ""


def _belonging(model: Model, way: str, target: Target) -> QuerySet[Any]:
    rows: Any = model._base_manager.filter(**{way: target.pk})
    rows = rows.annotate(named_label=Value(model._meta.label, TextField()), named_uid=_uid(model))
    return rows.order_by().values_list("named_label", "pk", "named_uid")[:MOST_ABOUT_ONE]


def content_types(found: Iterable[Model]) -> list[int]:
    return [type_.pk for type_ in ContentType.objects.get_for_models(*found).values()]


NO_MODELS = {
    "access.register": gettext_lazy("Access register"),
    "audit.report": gettext_lazy("Audit report"),
    "audit.seal": gettext_lazy("Seal of the audit"),
    "contacts.access": gettext_lazy("Who can see it"),
    "contacts.notes": gettext_lazy("Notes"),
    "data dictionary": gettext_lazy("Data dictionary"),
    "phone_events": gettext_lazy("Telephone system"),
    "recording": gettext_lazy("Recording"),
}
PAGES_OF = {  # a page that was refused is named by its address: "contacts:detail"
    "access": gettext_lazy("a page of Access"),
    "audit": gettext_lazy("a page of the Audit"),
    "calls": gettext_lazy("a page of Calls"),
    "campaigns": gettext_lazy("a page of Campaigns"),
    "contacts": gettext_lazy("a page of Contacts"),
    "followups": gettext_lazy("a page of Follow-ups"),
    "library": gettext_lazy("a page of the Library"),
    "outbox": gettext_lazy("a page of Mail"),
    "outreach": gettext_lazy("a page of Events"),
    "surveys": gettext_lazy("a page of Surveys"),
}


def say_type(object_type: str) -> str:
    """The kind of a record that could not be found, or of what is no record."""
    model = model_of(object_type)
    if model:
        return say_model(model)
    part, is_page, _name = object_type.partition(":")
    return str(PAGES_OF.get(part, "") if is_page else NO_MODELS.get(object_type, ""))
