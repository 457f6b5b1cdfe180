from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from outbox import last_check, loop
        from surveys import merging
        from surveys.inviting import opening, releasing, switching, timeline, words

        merging.register_movers()
        opening.register_works()
        timeline.register_sources()
        words.register_links()
        loop.register("survey", releasing.tick)
        last_check.register("survey", switching.objections)
        last_check.register("survey-reminder", switching.objections)
