from datetime import UTC, datetime

from django.db import migrations

# The Protection of Privacy Act, which the notice names, came into force on 11 June 2025 (00:00 in Edmonton).
SINCE = datetime(2025, 6, 11, 6, tzinfo=UTC)

TEXTS = {
    "announcement_welcome": (
        "Welcome to the Immigrate to Alberta Information Service.",
        "Bienvenue au service d’information Immigrer en Alberta.",
    ),
    "announcement_recorded": (
        "Your call may be recorded for quality assurance purposes. If you do not want to be recorded, tell the person who "
        "answers.",
        "Votre appel peut être enregistré à des fins d’assurance de la qualité. Si vous ne le souhaitez pas, dites-le à la "
        "personne qui répond.",
    ),
    "collection_notice": (
        "We note your contact details only to answer you and to send what you ask for. Section 4(c) of the Protection of "
        "Privacy Act allows us to. No automated system decides anything about you. For questions, reach the Manager, I2A "
        "Information Service, at 780-555-0100 or privacy@i2a.example.org.",
        "Nous notons vos coordonnées uniquement pour vous répondre et vous envoyer ce que vous demandez. L’alinéa 4(c) de la "
        "Protection of Privacy Act nous y autorise. Aucun système automatisé ne prend de décision à votre sujet. Pour toute "
        "question, joignez le gestionnaire du service d’information I2A au 780-555-0100 ou à privacy@i2a.example.org.",
    ),
    "consent_script": (
        "May we, the Immigrate to Alberta Information Service, contact you later about workshops, trade missions or news for "
        "people like you? You can say no. It does not change the help you get today. If you say yes, you can change your "
        "mind at any time: call 780-555-0100, write to info@i2a.example.org, or use the link in any message.",
        "Le service d’information Immigrer en Alberta peut-il vous recontacter au sujet d’ateliers, de missions commerciales "
        "ou de nouvelles qui vous concernent ? Vous pouvez refuser. Cela ne change rien à l’aide d’aujourd’hui. Si vous "
        "acceptez, vous pouvez changer d’avis en tout temps : appelez le 780-555-0100, écrivez à info@i2a.example.org ou "
        "utilisez le lien dans chaque message.",
    ),
    "consent_renewal": (
        "When we last spoke, you agreed that the Immigrate to Alberta Information Service may contact you later. Is that "
        "still all right? You can change your mind at any time: call 780-555-0100, write to info@i2a.example.org, or use the "
        "link in any message.",
        "La dernière fois, vous avez accepté que le service d’information Immigrer en Alberta vous recontacte. Est-ce "
        "toujours d’accord ? Vous pouvez changer d’avis en tout temps : appelez le 780-555-0100, écrivez à "
        "info@i2a.example.org ou utilisez le lien dans chaque message.",
    ),
    "survey_notice": (
        "From time to time we send a short survey about our service. You may get the chance to take part.",
        "De temps à autre, nous envoyons un court sondage sur notre service. Vous aurez peut-être l’occasion d’y répondre.",
    ),
    "sender_identification": (
        "Immigrate to Alberta Information Service, Government of Alberta\n"
        "Commerce Place, 10155 – 102 Street, Edmonton, Alberta, Canada\n"
        "780-555-0100 · info@i2a.example.org",
        "Service d’information Immigrer en Alberta, gouvernement de l’Alberta\n"
        "Commerce Place, 10155 – 102 Street, Edmonton (Alberta), Canada\n"
        "780-555-0100 · info@i2a.example.org",
    ),
}


def fill(apps, schema_editor):
    """Version 1 of every text, so that a fresh system can take a call. New wordings are new versions."""
    text_version = apps.get_model("contacts", "TextVersion")
    for kind, bodies in TEXTS.items():
        for language, body in zip(["en", "fr"], bodies):
            text_version.objects.create(kind=kind, language=language, number=1, body=body, valid_from=SINCE)


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_access_merging_and_exports")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
