from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"

    def ready(self) -> None:
        from calls import (
            answers,
            audited,
            contact_page,
            event_interest,
            history,
            merging,
            note_origins,
            opening,
            timeline,
        )
        from outreach import interest

        answers.register_answers()
        audited.register_details()
        history.register_call_words()
        interest.register(event_interest.interest_on_calls)
        contact_page.register_parts()
        merging.register_movers()
        timeline.register_sources()
        note_origins.register()
        opening.register_works()
