from datetime import UTC, datetime

from django.db import migrations

SINCE = datetime(2025, 6, 11, 6, tzinfo=UTC)

TOPICS = [
    ("Job opportunities", "Emplois"),
    ("Work permits", "Permis de travail"),
    ("Alberta Immigrant Nominee Program", "Programme des candidats à l’immigration de l’Alberta"),
    ("Economic immigration", "Immigration économique"),
    ("Trade licences", "Licences de métiers"),
    ("Study", "Études"),
    ("Seminars", "Séminaires"),
    ("Trade missions", "Missions commerciales"),
    ("Other", "Autre"),
]

AGENCIES = [
    ("Immigration, Refugees and Citizenship Canada", "Immigration, Réfugiés et Citoyenneté Canada"),
    ("Employment and Social Development Canada", "Emploi et Développement social Canada"),
    ("Canada Border Services Agency", "Agence des services frontaliers du Canada"),
    ("Alberta Apprenticeship and Industry Training", "Apprentissage et formation industrielle de l’Alberta"),
    ("International Qualifications Assessment Service", "Service d’évaluation des qualifications internationales"),
    ("Employment Standards, Government of Alberta", "Normes d’emploi, gouvernement de l’Alberta"),
    ("Regulatory body of a profession", "Organisme de réglementation d’une profession"),
    ("Settlement agency", "Organisme d’établissement"),
    ("Another province or territory", "Une autre province ou un territoire"),
    ("City or municipality", "Ville ou municipalité"),
]

OCCUPATIONS = [
    ("11100", "Financial auditors and accountants", "Auditeurs et comptables"),
    ("21231", "Software engineers and designers", "Ingénieurs et concepteurs en logiciel"),
    ("21300", "Civil engineers", "Ingénieurs civils"),
    ("21301", "Mechanical engineers", "Ingénieurs mécaniciens"),
    ("31102", "General practitioners and family physicians", "Médecins généralistes et de famille"),
    ("31120", "Pharmacists", "Pharmaciens"),
    ("31301", "Registered nurses", "Infirmiers autorisés"),
    ("33102", "Nurse aides and health care aides", "Aides-infirmiers et préposés aux soins"),
    ("42202", "Early childhood educators", "Éducateurs de la petite enfance"),
    ("62020", "Food service supervisors", "Superviseurs des services alimentaires"),
    ("63200", "Cooks", "Cuisiniers"),
    ("63201", "Butchers, retail and wholesale", "Bouchers, vente au détail et en gros"),
    ("63202", "Bakers", "Boulangers"),
    ("65201", "Food counter attendants and kitchen helpers", "Serveurs au comptoir et aides de cuisine"),
    ("65310", "Light duty cleaners", "Préposés à l’entretien ménager"),
    ("72106", "Welders", "Soudeurs"),
    ("72201", "Industrial electricians", "Électriciens industriels"),
    ("72300", "Plumbers", "Plombiers"),
    ("72310", "Carpenters", "Charpentiers-menuisiers"),
    ("72401", "Heavy-duty equipment mechanics", "Mécaniciens d’équipement lourd"),
    ("72410", "Automotive service technicians", "Techniciens de véhicules automobiles"),
    ("73300", "Transport truck drivers", "Conducteurs de camions de transport"),
    ("75110", "Construction trades helpers and labourers", "Aides et manœuvres de la construction"),
    ("84120", "Specialized livestock workers", "Ouvriers spécialisés dans l’élevage"),
    ("85100", "Livestock labourers", "Ouvriers d’élevage"),
    ("85101", "Harvesting labourers", "Manœuvres à la récolte"),
    ("94141", "Industrial butchers and meat cutters", "Bouchers industriels et dépeceurs"),
]

QUESTIONS = [
    (
        "Where are you calling from?",
        "D’où appelez-vous ?",
        [("Alberta", "Alberta"), ("Elsewhere in Canada", "Ailleurs au Canada"), ("Outside Canada", "Hors du Canada")],
    ),
    (
        "Have you called us before?",
        "Nous avez-vous déjà appelés ?",
        [("Yes", "Oui"), ("No", "Non"), ("Not sure", "Ne sait pas")],
    ),
    (
        "How did you hear about us?",
        "Comment nous avez-vous connus ?",
        [
            ("Website", "Site Web"),
            ("Embassy or consulate", "Ambassade ou consulat"),
            ("Employer", "Employeur"),
            ("Friends or family", "Amis ou famille"),
            ("Otherwise", "Autrement"),
        ],
    ),
]


def fill(apps, schema_editor):
    """The lists and the first question script, so that a fresh system can take a call (R-CAL-03, 04, 07)."""
    fill_lookup(apps.get_model("calls", "Topic"), TOPICS)
    fill_lookup(apps.get_model("calls", "ReferralAgency"), AGENCIES)
    apps.get_model("calls", "Topic").objects.filter(name="Other").update(needs_description=True)
    occupation = apps.get_model("calls", "Occupation")
    for position, (code, name, name_fr) in enumerate(OCCUPATIONS, 1):
        occupation.objects.create(code=code, name=name, name_fr=name_fr, position=position)
    fill_script(apps)


def fill_lookup(lookup, rows):
    for position, (name, name_fr) in enumerate(rows, 1):
        lookup.objects.create(name=name, name_fr=name_fr, position=position)


def fill_script(apps):
    script = apps.get_model("calls", "Script").objects.create(number=1, valid_from=SINCE)
    for position, (wording, wording_fr, choices) in enumerate(QUESTIONS, 1):
        question = apps.get_model("calls", "Question").objects.create(
            script=script, position=position, wording=wording, wording_fr=wording_fr
        )
        for place, (name, name_fr) in enumerate(choices, 1):
            apps.get_model("calls", "Choice").objects.create(
                question=question, position=place, name=name, name_fr=name_fr
            )


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
