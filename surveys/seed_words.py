"""What the surveys of the demonstration ask, and what invented people answered in their own words."""

from dataclasses import dataclass

from surveys.inviting.words import SUGGESTED

WORDS = {
    "name_en": "How was your call to us?",
    "name_fr": "Comment s’est passé votre appel?",
    "intro_en": "Five questions, about three minutes. Your answers are kept without your name.",
    "intro_fr": "Cinq questions, environ trois minutes. Vos réponses sont conservées sans votre nom.",
    **SUGGESTED,
}


@dataclass(frozen=True)
class Asked:
    """`weights`: how often each answer is given; of several choices, by how many per cent."""

    kind: str
    text_en: str
    text_fr: str
    weights: tuple[int, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    low: tuple[str, str] = ("", "")
    high: tuple[str, str] = ("", "")
    is_required: bool = False
    skipped: float = 0.04


QUESTIONS = [
    Asked(
        "choice",
        "Did you get the information you called about?",
        "Avez-vous obtenu les renseignements que vous demandiez?",
        (59, 27, 7, 4, 3),
        (
            ("Yes, all of it", "Oui, tous"),
            ("Most of it", "La plupart"),
            ("Some of it", "Une partie"),
            ("No", "Non"),
            ("I am still waiting for an answer", "J’attends encore une réponse"),
        ),
        is_required=True,
    ),
    Asked(
        "scale",
        "How would you rate the call?",
        "Quelle note donnez-vous à l’appel?",
        (3, 5, 12, 38, 42),
        low=("Very poor", "Très mauvaise"),
        high=("Very good", "Très bonne"),
    ),
    Asked(
        "nps",
        "Would you recommend this line to somebody in your place?",
        "Recommanderiez-vous cette ligne à une personne dans votre situation?",
        (2, 1, 1, 1, 2, 4, 5, 11, 19, 22, 32),
        low=("Not at all", "Pas du tout"),
        high=("Certainly", "Certainement"),
    ),
    Asked(
        "several",
        "What should we do better?",
        "Que devrions-nous améliorer?",
        (34, 22, 31, 17, 1),
        (
            ("Answer the phone sooner", "Répondre plus vite au téléphone"),
            ("Speak more slowly", "Parler plus lentement"),
            ("Send it in writing", "L’envoyer par écrit"),
            ("Know more about my case", "Mieux connaître mon cas"),
            ("Open on Saturdays", "Ouvrir le samedi"),
        ),
        skipped=0.3,
    ),
    Asked(
        "text",
        "Is there anything you would like to tell us?",
        "Avez-vous quelque chose à nous dire?",
        skipped=0.7,
    ),
]
WAITING = [
    "The lady called me Zephyrine and knew my file at once. My number is 780-555-0147 if you want to ask more.",
    "Please write to me about the nominee program: wanderer@example.org",
    "My boss at the only bakery in Vegreville listened in, so I could not ask everything.",
]
COMMENTS = [
    *WAITING,
    "The lady spelled the e-mail back to me. It arrived before I hung up.",
    "As counsel I need processing times in writing. I had to call twice.",
    "Merci d’avoir répondu en français.",
    "I waited nine minutes. After that it was very good.",
    "He did not know the rule for open work permits, but he called back the next day with the answer.",
    "Salamat po! Very patient with my English.",
    "The page you sent was the right one.",
    "I was told to call another office, and there they told me to call you.",
    "Clear, friendly and quick.",
    "I would like to read it in Spanish as well.",
    "Nobody rushed me.",
    "Could you send the list of documents before the call?",
    "J’aurais aimé pouvoir écrire plutôt qu’appeler.",
    "The music while waiting is too loud.",
    "Third time I call, third time the same answer. That is good.",
    "You told me honestly that you do not know. I liked that.",
    "Lines were closed when I finished work.",
]
