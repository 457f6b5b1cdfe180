"""Forms of the library: what a document is, what it says, when it is looked at again, and what was wrong with it."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from calls.forms.records import ANY, DAY_UNKNOWN, EARLIEST, LATEST
from calls.library import SHOWN
from calls.models import Document, DocumentVersion, Topic
from calls.models.documents import LARGEST_PDF
from contacts.choices import Language
from contacts.names import TextField
from contacts.note_field import GuardedForm, NoteField
from i2a import clock, files
from i2a.conflicts import Difference

MOST_WORDS = 20_000
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
SUGGESTED_REVIEW = timedelta(days=365)
REVIEW_AHEAD = _("Choose a day after today.")


class LibraryFilterForm(forms.Form):
    """What the list shows. It lives in the address."""

    q = TextField(max_length=80, required=False, label=_("Words of the title"))
    topic = forms.ModelChoiceField(Topic.objects.none(), required=False, empty_label=ANY[1], label=_("Topic"))
    language = forms.ChoiceField(choices=[ANY, *Language.choices], required=False, label=_("Language"))
    show = forms.ChoiceField(choices=list(SHOWN.items()), required=False, label=_("Show"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.order_by("position", "pk")  # type: ignore[attr-defined]

    def clean_show(self) -> str:
        return self.cleaned_data["show"] or "offered"

    def narrow(self, documents: Any) -> Any:
        """Fields with errors filter nothing."""
        asked = self.cleaned_data
        for word in asked.get("q", "").split():
            documents = documents.filter(title__icontains=word)
        conditions = {name: asked[name] for name in ["topic", "language"] if asked.get(name)}
        return documents.filter(**conditions)


class DocumentForm(forms.ModelForm):
    """Title, language, topic and source. `seen_version` is what the page was opened with."""

    title = TextField(
        max_length=160,
        label=_("Title"),
        help_text=_("As callers ask for it. It is the heading in the e-mail."),
        error_messages={"required": _("Give the document a title.")},
    )
    language = forms.ChoiceField(
        choices=Language.choices,
        widget=forms.RadioSelect,
        label=_("Language"),
        error_messages={"required": _("Choose the language it is written in.")},
    )
    topic = forms.ModelChoiceField(
        Topic.objects.none(),
        empty_label=_("Choose"),
        label=_("Topic"),
        error_messages={"required": _("Choose a topic.")},
    )
    source = TextField(
        max_length=120,
        label=_("Source"),
        help_text=_("Who wrote it and answers for it."),
        error_messages={"required": _("Say who wrote it.")},
    )
    translation_of = forms.ModelChoiceField(
        Document.objects.none(),
        required=False,
        empty_label=_("There is none"),
        label=_("The same in English"),
        help_text=_("Of a French document: then each is offered beside the other."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Document
        fields = ["title", "language", "topic", "source", "translation_of"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        used = self.instance.topic_id or 0
        self.fields["topic"].queryset = Topic.objects.selectable(used)  # type: ignore[attr-defined]
        english = Document.objects.filter(language=Language.EN).exclude(pk=self.instance.pk).order_by("title", "pk")
        self.fields["translation_of"].queryset = english  # type: ignore[attr-defined]

    @property
    def seen_version(self) -> int:
        return int(self.cleaned_data.get("version") or 0)

    def differences(self, current: Document) -> list[Difference]:
        """What is saved now against what was entered."""
        entered = self.instance
        values = [
            (_("Title"), entered.title, current.title),
            (_("Language"), entered.get_language_display(), current.get_language_display()),
            (_("Topic"), entered.topic.label, current.topic.label),
            (_("Source"), entered.source, current.source),
        ]
        return [Difference(label, str(mine), str(theirs)) for label, mine, theirs in values if mine != theirs]


class VersionForm(forms.ModelForm):
    """What a document says. A PDF goes with the words; it never stands in for them."""

    body = forms.CharField(
        max_length=MOST_WORDS,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        label=_("Text of the e-mail"),
        help_text=_("All of it, or what the PDF or page is about. An empty line begins a paragraph."),
        error_messages={"required": _("Say in the e-mail itself what it is."), "max_length": _("Shorten this text.")},
    )
    url = forms.URLField(
        required=False,
        assume_scheme="https",
        label=_("Web page"),
        help_text=_("Begins with https://. Anybody who has the e-mail can open it."),
        validators=[URLValidator(schemes=["https"], message=_("A link begins with https://."), code="not_https")],
        error_messages={"invalid": _("This is no address of a web page.")},
    )
    pdf = forms.FileField(
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
        label=_("PDF"),
        help_text=_("At most 10 MB. It is attached to the e-mail."),
        error_messages={"empty": _("This file is empty.")},
    )
    keeps_pdf = forms.BooleanField(required=False, label=_("Keep the PDF of the version before"))
    review_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MaxValueValidator(LATEST, DAY_UNKNOWN)],
        label=_("Review by"),
        help_text=_("After this day it cannot be sent until somebody has looked at it."),
        error_messages={"required": _("Choose when it is looked at again."), "invalid": DAY_UNKNOWN},
    )

    class Meta:
        model = DocumentVersion
        fields = ["body", "url", "review_on"]

    def __init__(self, *args: Any, before: DocumentVersion | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = before
        self.initial.setdefault("review_on", clock.today() + SUGGESTED_REVIEW)
        if before is not None:
            self.initial |= {"body": before.body, "url": before.url, "keeps_pdf": True}
        if before is None or not before.file_sha256:
            del self.fields["keeps_pdf"]

    def clean_body(self) -> str:
        return self.cleaned_data["body"].replace("\r\n", "\n")

    def clean_review_on(self) -> date:
        return after_today(self.cleaned_data["review_on"])

    def clean_pdf(self) -> bytes:
        """Its bytes. What the browser says of the type proves nothing, so the file itself is asked."""
        upload: UploadedFile | None = self.cleaned_data["pdf"]
        if upload is None:
            return b""
        if (upload.size or 0) > LARGEST_PDF:
            raise forms.ValidationError(_("A PDF may have at most 10 MB."))
        data = upload.read()
        if not data.startswith(PDF_BEGINS) or PDF_ENDS not in data[-2048:]:
            raise forms.ValidationError(_("This file is not a PDF."))
        return bytes(data)

    def says(self) -> dict[str, Any]:
        """As `calls.services.library` takes it. A new PDF is kept from here on."""
        cleaned = self.cleaned_data
        said = {name: cleaned[name] for name in ["body", "url", "review_on"]}
        if cleaned["pdf"]:
            return said | {"file_sha256": files.keep(cleaned["pdf"]), "file_size": len(cleaned["pdf"])}
        if cleaned.get("keeps_pdf") and self.before is not None:
            return said | {"file_sha256": self.before.file_sha256, "file_size": self.before.file_size}
        return said


class ReviewForm(forms.Form):
    review_on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST, DAY_UNKNOWN), MaxValueValidator(LATEST, DAY_UNKNOWN)],
        label=_("Next review by"),
        error_messages={"required": _("Choose when it is looked at again."), "invalid": DAY_UNKNOWN},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("review_on", clock.today() + SUGGESTED_REVIEW)

    def clean_review_on(self) -> date:
        return after_today(self.cleaned_data["review_on"])


class WrongForm(GuardedForm):
    because = NoteField(
        max_length=500,
        rows=3,
        label=_("What is wrong"),
        help_text=_("Receivers read it in the correction. No caller's name."),
        error_messages={"required": _("Say what is wrong.")},
    )


def after_today(day: date) -> date:
    if day <= clock.today():
        raise forms.ValidationError(REVIEW_AHEAD)
    return day


class CorrectionForm(GuardedForm):
    """What the receivers read, and whether those are written to as well with whom nothing more was to be done."""

    NOBODY = _("Nobody is left who needs it, or there is no corrected version yet.")

    words = NoteField(
        max_length=500,
        rows=3,
        label=_("What was wrong, for the receivers"),
        help_text=_("In the language of the document. No caller's name."),
        error_messages={"required": _("Say what is wrong.")},
    )
    includes_others = forms.BooleanField(
        required=False, label=_("Also write to those with whom no follow-up action was to be taken")
    )
    others_because = NoteField(
        max_length=200,
        required=False,
        label=_("Reason"),
        help_text=_("Why they must know. It is kept with the correction."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("includes_others") and not cleaned.get("others_because"):
            self.add_error("others_because", _("Say why they are written to, although no follow-up was to be taken."))
        return cleaned
