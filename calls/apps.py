from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "calls"

    def ready(self) -> None:
        from calls import answers, contact_page, merging, note_origins, opening, timeline

        answers.register_answers()
        contact_page.register_parts()
        merging.register_movers()
        timeline.register_sources()
        note_origins.register()
        opening.register_works()
