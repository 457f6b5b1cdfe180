from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "contacts"

    def ready(self) -> None:
        from contacts import entries, parts

        entries.register_sources()
        parts.register_parts()
