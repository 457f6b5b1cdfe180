from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"

    def ready(self) -> None:
        from outreach import contact_page, merging, timeline

        contact_page.register_parts()
        merging.register_movers()
        timeline.register_sources()
