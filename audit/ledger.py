"""What the database itself writes down, and what is made of it: row changes, the seal, and what checks found.

Of these tables the application may write only what its own checks found.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the number of a transaction, never used twice in one cluster."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: str, expression: Any, connection: Any) -> int:
        return int(value)

    def get_db_prep_value(self, value: int, connection: Any, prepared: bool = False) -> str:
        return str(value)  # without a cast PostgreSQL takes only a text for one


class RowChange(models.Model):
    """One row that a statement added, changed or removed. Written by `audit_row_change()` alone (`audit.row_changes`).

    `at` is the database's clock and not `i2a.clock`: this is what happened, whatever the demonstration's clock says.
    The table is partitioned by month of `at`.
    """

    class Operation(models.TextChoices):
        INSERT = "I", _("added")
        UPDATE = "U", _("changed")
        DELETE = "D", _("removed")
        TRUNCATE = "T", _("emptied")

    at = models.DateTimeField()
    txid = TransactionId()
    table_name = models.CharField(max_length=63)
    key = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=1, choices=Operation)
    columns = ArrayField(models.TextField())
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # a signature is a claim: it must break no write
    )
    actor_label = models.CharField(max_length=60)
    request_id = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"{self.table_name} {self.operation} (#{self.pk})"


class Stretch(models.Model):
    """What the seals from here on cover: in which cluster, which columns, and rows with keys above which."""

    number = models.BigIntegerField(primary_key=True)
    cluster = models.CharField(max_length=20)
    columns = models.JSONField()
    above = models.JSONField()
    is_restored = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Stretch {self.number}"


class Seal(models.Model):
    """A digest over all rows of the settled transactions in [from_txid, to_txid), and over the seal before."""

    number = models.BigIntegerField(primary_key=True)
    stretch = models.ForeignKey(Stretch, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_txid = TransactionId()
    to_txid = TransactionId()
    parts = models.JSONField()
    last_ids = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Seal {self.number}"


class Check(models.Model):
    """The seal, the row changes or what is past its time was checked, up to seal or transaction `upto`.

    `detail` says what was found.
    """

    class Kind(models.TextChoices):
        SEAL = "seal", _("Seal")
        ROWS = "rows", _("Row changes")
        PAST = "past", _("Months past their time")

    kind = models.CharField(max_length=4, choices=Kind)
    at = models.DateTimeField()
    actor_label = models.CharField(max_length=60)
    is_sound = models.BooleanField()
    upto = models.BigIntegerField()
    seconds = models.FloatField()
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(name="check_kind_known", condition=Q(kind__in=["seal", "rows", "past"]))]
        indexes = [models.Index(fields=["kind", "-id"], name="check_of_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (#{self.pk})"


class Disposal(models.Model):
    """Rows of a month past its time that are gone. Written by `audit_dispose()` alone (`audit.disposal_sql`).

    `upto`: the last seal that held any of them. What was left under the seals until then has a digest of its own.
    """

    table_name = models.CharField(max_length=63)
    begins = models.DateTimeField(null=True)
    ends = models.DateTimeField()
    rows = models.BigIntegerField()
    months = models.IntegerField()
    upto = models.BigIntegerField()
    left_rows = models.BigIntegerField()
    left_digest = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.table_name} (#{self.pk})"

    @property
    def last_day(self) -> date:
        """In UTC, as the months of the partitions."""
        return (self.ends - timedelta(days=1)).date()


class Discrepancy(models.Model):
    """Rows that changed in a way that a person should look at. Grouped, so that one mistake is one line."""

    class Kind(models.TextChoices):
        UNSIGNED = "unsigned", _("Nobody signed for it")
        UNEXPLAINED = "unexplained", _("The readable history does not have it")
        BACKDATED = "backdated", _("It claims another time than it was written at")

    found_by = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="discrepancies")
    kind = models.CharField(max_length=11, choices=Kind)
    table_name = models.CharField(max_length=63)
    operation = models.CharField(max_length=1, choices=RowChange.Operation, blank=True)
    columns = models.JSONField(default=list)
    actor_label = models.CharField(max_length=60)
    rows = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    keys = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="discrepancy_kind_known", condition=Q(kind__in=["unsigned", "unexplained", "backdated"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (#{self.pk})"
