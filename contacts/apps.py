from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from contacts import (
            audited,
            entries,
            grant_check,
            merge_entries,
            merging,
            opening,
            parts,
            representing,
            unusual_use,
            waiting,
        )
        from contacts.services import writing_down
        from i2a.health import register

        register("withdrawals", writing_down.state)
        audited.register_topics()
        audited.register_details()
        audited.register_filters()
        entries.register_sources()
        grant_check.register_comparison()
        merging.register_movers()
        merge_entries.register_parts()
        opening.register_works()
        parts.register_parts()
        representing.register_parts()
        representing.register_movers()
        unusual_use.register_rules()
        waiting.register_waiting()
