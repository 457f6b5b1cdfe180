from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FollowUpsConfig(AppConfig):
    name = "followups"
    verbose_name = _("Follow-ups")

    def ready(self) -> None:
        from access import leaving, trained
        from audit import head_mail
        from audit.reports import hours
        from followups import (
            audit_alerts,
            audited,
            contact_page,
            evidence,
            handing_over,
            merging,
            opening,
            pending,
            selectors,
            timeline,
        )

        audited.register_details()
        contact_page.register_parts()
        head_mail.senders.append(audit_alerts.send_head)
        hours.calendars.append(selectors.hours_between)
        evidence.register_mails()
        leaving.register(handing_over.open_items_of)
        merging.register_movers()
        opening.register_works()
        pending.register_source()
        timeline.register_sources()
        trained.last_days_of_service.append(selectors.last_day_of_service)
