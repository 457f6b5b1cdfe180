from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from outbox import last_check
        from outreach import contact_page, merging, timeline
        from outreach.campaigns import switching

        contact_page.register_parts()
        merging.register_movers()
        timeline.register_sources()
        last_check.register("campaign", switching.objections)
