from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowUpsConfig(AppConfig):
    name = "followups"
    verbose_name = _("Follow-ups")

    def ready(self) -> None:
        from followups import contact_page, evidence, merging, opening, timeline

        contact_page.register_parts()
        evidence.register_mails()
        merging.register_movers()
        opening.register_works()
        timeline.register_sources()
