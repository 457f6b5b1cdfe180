from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from contacts import origins
        from outbox import last_check, loop, mailing_pages
        from outreach import contact_page, entry_views, merging, timeline
        from outreach.campaign_page import home_of
        from outreach.campaigns import opening, releasing, switching

        contact_page.register_parts()
        merging.register_movers()
        origins.register(entry_views.KEY, entry_views.contact_saved)
        opening.register_works()
        timeline.register_sources()
        last_check.register("campaign", switching.objections)
        loop.register("campaign", releasing.tick)
        mailing_pages.register("campaign", home_of)
