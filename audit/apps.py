from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from audit.signing import sign


def sign_writes(connection: Any, **kwargs: Any) -> None:
    sign(connection.connection)


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit.reports import topics
        from audit.review import rules
        from audit.rights import settle_rights

        connection_created.connect(sign_writes, dispatch_uid="audit.sign_writes")
        post_migrate.connect(settle_rights, sender=self, dispatch_uid="audit.settle_rights")
        topics.register_topics()
        rules.register_rules()
