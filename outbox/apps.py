from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        from access import notices
        from audit import reconciliation
        from i2a.health import register
        from outbox import audited, merging, pending, timeline
        from outbox.alerts import tell
        from outbox.health import health, mailbox_health

        reconciliation.declare("outbox_message", "state")  # a sender's steps are in its events (`outbox.states`)
        audited.register_details()
        merging.register_movers()
        pending.register_source()
        timeline.register_sources()
        notices.mailers.append(tell)
        register("mail", lambda: health().code)
        register("bounces", lambda: mailbox_health().code)
