from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from audit.reports import purposes
        from contacts import origins
        from outbox import last_check, loop, mailing_pages
        from outreach import contact_page, entry_views, merging, timeline, words
        from outreach.campaign_page import home_of
        from outreach.campaigns import opening, releasing, switching
        from outreach.mailings import waiting

        contact_page.register_parts()
        words.register_history_words()
        merging.register_movers()
        origins.register(entry_views.KEY, entry_views.contact_saved)
        opening.register_works()
        purposes.register(entry_views.PURPOSE, gettext_lazy("Registration on a public form"), is_work=True)
        timeline.register_sources()
        last_check.register("campaign", switching.objections)
        loop.register("campaign", releasing.tick)
        mailing_pages.register("campaign", home_of)
        waiting.register_waiting()
