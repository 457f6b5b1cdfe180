"""What callers of the demonstration ask about, by topic: the note, what stays open, and how it was answered."""

from dataclasses import dataclass

from contacts.choices import Category


@dataclass(frozen=True)
class Talk:
    """`asked` is owed when the call needs a follow-up; `outcome` closes it. `document` is a stem of the library."""

    topic: str
    note: str
    asked: str
    outcome: str
    document: str
    categories: tuple[Category, ...] = ()  # empty: everybody asks this


FOREIGN, WORKER, STUDENT = Category.FOREIGN_NATIONAL, Category.TEMPORARY_FOREIGN_WORKER, Category.INTERNATIONAL_STUDENT
EMPLOYER, THIRD = Category.EMPLOYER, Category.THIRD_PARTY
INVESTOR, ENTREPRENEUR = Category.INVESTOR, Category.ENTREPRENEUR
NOMINEES = "Alberta Immigrant Nominee Program"

TALKS = [
    Talk("Job opportunities", "Cook with eight years in hotels. Asks which towns hire for the winter season.",
         "Which hotels in the Rockies are hiring cooks for the winter?", "Named the job fair and two openings.",
         "job-search", (FOREIGN, WORKER)),
    Talk("Job opportunities", "Looking for work as a health care aide. Asks whether the certificate from home counts.",
         "Does a foreign certificate count for health care aides?", "It must be assessed first. Sent the address.",
         "job-search", (FOREIGN,)),
    Talk("Job opportunities", "Heavy-duty mechanic, has no offer yet. Asks how employers here like a résumé.",
         "Can somebody look over the résumé format?", "Explained the format and the alis pages.",
         "job-search", (FOREIGN, WORKER)),
    Talk("Work permits", "Has a job offer from a welding shop. Asks who applies first, the employer or the worker.",
         "Must the employer have the LMIA before the permit application?", "Yes, for this kind of job.",
         "work-permits", (FOREIGN, WORKER)),
    Talk("Work permits", "Permit ends in four months. Wants to stay with the same employer.",
         "How early may the extension be requested?", "Any time before the end; sooner is safer.",
         "work-permits", (WORKER,)),
    Talk("Work permits", "Wants to bring six seasonal workers back next spring. Asks about the new checklist.",
         "Does housing have to be inspected again for returning workers?", "Yes, each season. Told her whom to call.",
         "lmia-checklist", (EMPLOYER,)),
    Talk("Work permits", "Hires two cooks. Asks whether they may work at both locations.",
         "Can a worker move between two properties of one employer?", "Only if the permit names both.",
         "lmia-checklist", (EMPLOYER,)),
    Talk("Work permits", "Asks in general terms about the order of LMIA and permit. No client details were given.",
         "Processing times for employer-specific permits, in writing", "Sent the page with published times.",
         "work-permits", (THIRD,)),
    Talk(NOMINEES, "Works as a welder in Fort McMurray since last year. Asks which stream fits.",
         "Does work experience outside Alberta count for the stream?", "Some of it does. Sent the conditions.",
         "nominee-program", (FOREIGN, WORKER)),
    Talk(NOMINEES, "Owns a small shop and wants to buy a bakery in a village. Asks about the rural stream.",
         "Is the village on the list of rural communities?", "It is. Gave the contact of its officer.",
         "nominee-program", (ENTREPRENEUR,)),
    Talk(NOMINEES, "Asks about processing times of the entrepreneur stream, for several files.",
         "Processing times for the entrepreneur stream", "Sent the published times, no case was discussed.",
         "nominee-program", (THIRD,)),
    Talk("Economic immigration", "Wants to invest in food processing. Asks whether investing leads to residence.",
         "Which programs look at investment at all?", "Explained that investing by itself gives no status.",
         "business", (INVESTOR,)),
    Talk("Economic immigration", "Compares Alberta and two other provinces. Wants the costs in one place.",
         "What does an application cost in all?", "Explained which fees are charged by whom.",
         "business", (INVESTOR, ENTREPRENEUR, FOREIGN)),
    Talk("Trade licences", "Red Seal welder. Wants to know if pressure welding needs another test.",
         "Welder licensing page in English", "Sent the page and the address for pressure tests.",
         "welder-licensing", (FOREIGN, WORKER)),
    Talk("Trade licences", "Nurse with twelve years. Asks where to begin with the licence.",
         "Which papers must come directly from the school?", "Transcripts. Told her to write to the school now.",
         "qualifications", (FOREIGN,)),
    Talk("Study", "Wants to study power engineering. Asks whether the program leads to a work permit later.",
         "Is the program eligible for a permit after graduation?", "Told him what to ask the school.",
         "study", (STUDENT, FOREIGN)),
    Talk("Study", "Asks how many hours a week students may work this term.",
         "How many hours off campus are allowed this term?", "Gave the present limit and where it is published.",
         "study", (STUDENT,)),
    Talk("Seminars", "Heard about a seminar from a friend. Asks how to take part.",
         "List of seminars in the north, in French", "Read out the list; two fit.",
         "arriving"),
    Talk("Trade missions", "Recruits for several employers. Asks about the next mission and who may join.",
         "Who may join the mission to Manila?", "Employers with openings. Explained how to apply.",
         "job-search", (EMPLOYER, THIRD, INVESTOR)),
    Talk("Other", "Arrives next month with family. Asks what to do first.",
         "How long does health insurance take to begin?", "Up to three months. Suggested private cover.",
         "arriving", (FOREIGN, WORKER, STUDENT)),
]  # fmt: skip


def talks_for(category: Category) -> list[Talk]:
    return [talk for talk in TALKS if not talk.categories or category in talk.categories]
