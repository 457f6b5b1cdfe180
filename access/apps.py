from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "access"

    def ready(self) -> None:
        from access import audited, notices, sessions, waiting
        from access.services.passwords import password_link

        audited.register_topics()
        audited.register_details()
        notices.fill_ins[notices.PASSWORD_LINK] = password_link
        sessions.listen()
        waiting.register_waiting()
