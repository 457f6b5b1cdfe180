from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "surveys"

    def ready(self) -> None:
        from calls.seed import stories
        from outbox import last_check, loop, mailing_pages
        from surveys import audited, contact_page, history, merging, seed, waiting
        from surveys.invitation_page import home_of
        from surveys.inviting import opening, releasing, switching, timeline, words

        audited.register_details()
        contact_page.register_parts()
        history.register_survey_words()
        merging.register_movers()
        opening.register_works()
        stories.register(seed.add_surveys)
        timeline.register_sources()
        waiting.register_waiting()
        words.register_links()
        loop.register("survey", releasing.tick)
        for prefix in ["survey", "survey-reminder"]:
            last_check.register(prefix, switching.objections)
            mailing_pages.register(prefix, home_of)
