from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from audit.signing import sign
from i2a import health


def sign_writes(connection: Any, **kwargs: Any) -> None:
    sign(connection.connection)


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit import writable
        from audit.disposal import check_months
        from audit.reports import details, topics
        from audit.review import rules, waiting
        from audit.rights import settle_rights

        connection_created.connect(sign_writes, dispatch_uid="audit.sign_writes")
        post_migrate.connect(settle_rights, sender=self, dispatch_uid="audit.settle_rights")
        register(check_months)
        health.register("audit", writable.state, is_vital=True)
        details.register_details()
        details.register_filters(topics.say_topic)
        topics.register_topics()
        rules.register_rules()
        waiting.register_waiting()
