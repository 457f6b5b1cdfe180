"""What a survey still lacks before it can be approved: "Before you publish"."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from surveys.models import Choice, Question, Survey

FEWEST_CHOICES = 2


@dataclass(frozen=True)
class Missing:
    """In words, and where to mend it."""

    text: str
    url: str


def missing(survey: Survey) -> list[Missing]:
    return [*missing_words(survey), *missing_questions(survey), *missing_invitation(survey)]


def missing_words(survey: Survey) -> Iterator[Missing]:
    url = reverse("surveys:words", args=[survey.uid])
    if not survey.name_en:
        yield Missing(_("It has no name in English."), f"{url}#id_name_en")
    if not survey.name_fr:
        yield Missing(_("It has no name in French."), f"{url}#id_name_fr")
    if survey.intro_en and not survey.intro_fr:
        yield Missing(_("The introduction has no French text."), f"{url}#id_intro_fr")
    if survey.intro_fr and not survey.intro_en:
        yield Missing(_("The introduction has no English text."), f"{url}#id_intro_en")


def missing_questions(survey: Survey) -> Iterator[Missing]:
    questions = list(survey.questions.prefetch_related("choices"))
    if not questions:
        yield Missing(_("It has no question."), reverse("surveys:question_new", args=[survey.uid]))
    for number, question in enumerate(questions, start=1):
        url = reverse("surveys:question", args=[survey.uid, question.uid])
        for text, field in missing_in(question, list(question.choices.all())):
            yield Missing(text % {"number": number}, f"{url}#id_{field}")


def missing_in(question: Question, choices: list[Choice]) -> Iterator[tuple[str, str]]:
    """Words with the question's number to be put in, and the field."""
    if not question.text_fr:
        yield _("Question %(number)s has no French text."), "text_fr"
    if question.has_choices and len(choices) < FEWEST_CHOICES:
        yield _("Question %(number)s needs at least two answers to choose from."), "choices_en"
    elif not all(choice.text_fr for choice in choices):
        yield _("Question %(number)s has answers without French."), "choices_fr"
    for end in ["low", "high"]:
        english, french = getattr(question, f"{end}_en"), getattr(question, f"{end}_fr")
        if english and not french:
            yield _("Question %(number)s says in English only what its ends mean."), f"{end}_fr"
            return
        if french and not english:
            yield _("Question %(number)s says in French only what its ends mean."), f"{end}_en"
            return


def missing_invitation(survey: Survey) -> Iterator[Missing]:
    url = reverse("surveys:invitations_edit", args=[survey.uid])
    if not survey.called_from or not survey.called_to:
        yield Missing(_("Nobody has said in which days they called."), f"{url}#id_called_from")
    if not survey.subject_en or not survey.text_en:
        yield Missing(_("The invitation has no English text."), f"{url}#id_text_en")
    if not survey.subject_fr or not survey.text_fr:
        yield Missing(_("The invitation has no French text."), f"{url}#id_text_fr")
    if not survey.send_on or not survey.send_at:
        yield Missing(_("Nobody has said when the invitations leave."), f"{url}#id_send_on")
    if not survey.closes_on:
        yield Missing(_("Nobody has said when it closes."), f"{url}#id_closes_on")
