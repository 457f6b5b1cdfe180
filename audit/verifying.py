"""Recomputes the seal from the rows and names the first batch that does not fit (T5).

It calls none of the database's own functions but PostgreSQL's: whoever may change rows could change those of ours too.
"""

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, takewhile
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from audit.actor import current
from audit.disposal import LEAST_MONTHS
from audit.heads import Damaged, heads_file, read_heads
from audit.models import Check
from i2a import clock

AT_ONCE = 500
# The text of a row must not depend on who asks, and nobody may put a `sha256` of their own before PostgreSQL's.
# Nothing is let go meanwhile.
SESSION = """
SET LOCAL statement_timeout = 0; SET LOCAL search_path = pg_catalog, public; SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL bytea_output = 'hex';
SELECT pg_advisory_xact_lock_shared(5202613)
"""
SEALS = """
SELECT seal.number, from_txid::text, to_txid::text, parts::text, last_ids::text, previous, digest,
    to_char(seal.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    stretch.number, cluster, columns::text, above::text, is_restored::int
FROM audit_seal AS seal JOIN audit_stretch AS stretch ON stretch.number = seal.stretch_id
WHERE seal.number > %s AND seal.number <= %s ORDER BY seal.number LIMIT %s
"""
# The seals of one stretch follow each other without a gap, so each row finds its own by where its transaction lies.
# One statement for many seals: each looks into every month's table.
PARTS = """
SELECT place, count(*), encode(sha256(string_agg(digest, ''::bytea ORDER BY id)), 'hex') FROM (
    SELECT width_bucket(txid, %(bounds)s::xid8[]) AS place, id,
        sha256(convert_to(ROW({columns})::text, 'UTF8')) AS digest
    FROM {table} WHERE {condition} AND id > %(above)s AND id <= %(upto)s OFFSET 0
) AS rows GROUP BY place
"""
IN_RANGE = "txid >= %(from)s::xid8 AND txid < %(to)s::xid8"
MOVED = "(txid >= %(from)s::xid8 OR id > %(last_id)s)"
# What is left under a seal, and under those before it, of a table whose older months are gone.
LEFT = """
SELECT count(*), coalesce(encode(sha256(
    string_agg(sha256(convert_to(ROW({columns})::text, 'UTF8')), ''::bytea ORDER BY id)
), 'hex'), '')
FROM {table} WHERE id <= %(above)s OR (txid < %(to_txid)s::text::xid8 AND id <= %(last_id)s)
"""
# A seal's own time is proved by the heads outside, so nobody can say that what went was older than its seal.
DISPOSALS = """
SELECT disposal.table_name, disposal.rows, upto, left_rows, left_digest,
    greatest(disposal.ends, seal.at) + make_interval(months => %s) > disposal.at OR disposal.at > clock_timestamp(),
    to_char(disposal.ends - interval '1 day', 'YYYY-MM'),
    seal.to_txid::text, seal.last_ids::text, stretch.above::text, stretch.columns::text
FROM audit_disposal AS disposal
LEFT JOIN audit_seal AS seal ON seal.number = upto
LEFT JOIN audit_stretch AS stretch ON stretch.number = seal.stretch_id
ORDER BY disposal.id
"""
NO_END = 2**63 - 1


@dataclass(frozen=True)
class SealRow:
    number: int
    from_txid: str
    to_txid: str
    parts: str
    last_ids: str
    previous: str
    digest: str
    at: str
    stretch: int
    cluster: str
    columns: str
    above: str
    is_restored: int

    def expected(self) -> str:
        words = [
            self.previous, self.number, self.from_txid, self.to_txid, self.parts, self.last_ids, self.at,
            self.stretch, self.cluster, self.columns, self.above, self.is_restored,
        ]  # fmt: skip
        return hashlib.sha256("|".join(str(word) for word in words).encode()).hexdigest()


@dataclass(frozen=True)
class Gone:
    """A month that was let go. Up to seal `upto` its table is compared with `left_rows` and `left_digest` instead."""

    table: str
    rows: int
    upto: int
    left_rows: int
    left_digest: str
    is_early: bool
    month: str
    to_txid: str | None
    last_ids: str
    above: str
    columns: str


@dataclass(frozen=True)
class Fault:
    """`number`: the first bad seal. `why`: one of the codes below. `what`: the table, where it is about rows."""

    number: int
    why: str
    what: str = ""


CHAIN, GAP, ROWS, TAIL, REBUILT, HEADS, EARLY = "chain", "gap", "rows", "tail", "rebuilt", "heads", "early"


@dataclass(frozen=True)
class Verdict:
    fault: Fault | None
    upto: int
    seals: int
    rows: int
    heads: int
    seconds: float


class Verifier:
    """One walk over the whole chain, in order."""

    def __init__(self, cursor: Any, newest: int) -> None:
        self.cursor, self.newest = cursor, newest
        self.before: SealRow | None = None
        self.broken: Fault | None = None  # the first seal that does not fit the chain
        self.ends = self._ends_of_eras()
        self.lower: dict[str, int] = {}  # above which keys the rows of the era before lie
        self.seals = self.rows = 0
        cursor.execute(DISPOSALS, [LEAST_MONTHS])
        self.gone = [Gone(*row) for row in cursor.fetchall()]
        self.last_gone = {gone.table: gone for gone in self.gone}
        self.once_sealed = dict.fromkeys(self.last_gone, 0)  # rows under the seals up to the last disposal's

    def _ends_of_eras(self) -> list[tuple[int, dict[str, int]]]:
        """The first seal after each move to another cluster, and the last keys that were sealed before it."""
        self.cursor.execute(
            "SELECT seal.number, coalesce(before.last_ids, '{}')::text FROM audit_stretch AS stretch"
            " JOIN LATERAL (SELECT min(number) AS number FROM audit_seal WHERE stretch_id = stretch.number) AS seal"
            " ON true"
            " LEFT JOIN audit_seal AS before ON before.number = seal.number - 1"
            " WHERE stretch.is_restored ORDER BY seal.number"
        )
        return [(number, json.loads(ids)) for number, ids in self.cursor.fetchall()]

    def faults(self) -> Iterator[Fault]:
        for chunk in self._chunks():
            fitting = list(takewhile(self._fits, chunk))
            if fitting:
                yield from self._faults_in_rows(fitting)
            self.seals += len(fitting)
            if self.broken:
                yield self.broken  # of what comes after it nothing is proved
                break
        yield from self._faults_in_what_is_left()

    def _chunks(self) -> Iterator[list[SealRow]]:
        """Seals of one stretch, some at a time; the first one after a move alone."""
        done, moves = 0, {number for number, _ids in self.ends}
        while True:
            self.cursor.execute(SEALS, [done, self.newest, AT_ONCE])
            seals = [SealRow(*row) for row in self.cursor.fetchall()]
            if not seals:
                return
            for _key, some in groupby(seals, lambda seal: (seal.stretch, seal.number in moves)):
                yield list(some)
            done = seals[-1].number

    def _fits(self, seal: SealRow) -> bool:
        self.broken = self._fault_in_chain(seal)
        return self.broken is None

    def _fault_in_chain(self, seal: SealRow) -> Fault | None:
        before, self.before = self.before, seal
        if seal.digest != seal.expected():
            return Fault(seal.number, CHAIN)
        if seal.number != (before.number + 1 if before else 1):
            return Fault(before.number + 1 if before else 1, GAP)
        if seal.previous != (before.digest if before else "") or (before and seal.from_txid != before.to_txid):
            return Fault(seal.number, CHAIN)
        return None

    def _faults_in_rows(self, chunk: list[SealRow]) -> list[Fault]:
        first, last = chunk[0], chunk[-1]
        faults = []
        for table, columns in sorted(json.loads(first.columns).items()):
            upto = self.last_gone[table].upto if table in self.last_gone else 0
            found = self._computed(table, columns, chunk) if last.number > upto else {}
            for seal in chunk:
                sealed = json.loads(seal.parts).get(table, [0, None])
                if seal.number <= upto:
                    self.once_sealed[table] += sealed[0]
                    continue
                number, digest = found.get(seal.number, (0, None))
                self.rows += number
                if sealed != [number, digest]:
                    faults.append(Fault(seal.number, ROWS, table))
        if first.number in dict(self.ends):
            self.lower = json.loads(first.above)
        return faults

    def _computed(self, table: str, columns: list[str], chunk: list[SealRow]) -> dict[int, tuple[int, str | None]]:
        first, last = chunk[0], chunk[-1]
        moved = dict(self.ends).get(first.number)
        above: Mapping[str, int] = json.loads(first.above)
        if moved is not None:
            lower, upper = self.lower.get(table, 0), above.get(table, 0)
        else:
            end = next((ids for number, ids in self.ends if number > first.number), None)
            lower, upper = above.get(table, 0), NO_END if end is None else end.get(table, 0)
        sql = PARTS.format(columns=listed(columns), table=quoted(table), condition=IN_RANGE if moved is None else MOVED)
        values = {
            "bounds": f"{{{','.join(seal.from_txid for seal in chunk)}}}" if moved is None else "{0}",
            "from": first.from_txid,
            "to": last.to_txid,
            "above": lower,
            "upto": upper,
            "last_id": (moved or {}).get(table, 0),
        }
        self.cursor.execute(sql, values)
        return {chunk[place - 1].number: (rows, digest) for place, rows, digest in self.cursor.fetchall()}

    def _faults_in_what_is_left(self) -> Iterator[Fault]:
        for gone in self.gone:
            if gone.to_txid is None:
                yield Fault(gone.upto, GAP)
            elif gone.is_early:
                yield Fault(gone.upto, EARLY, f"{gone.table} {gone.month}")
        for table, gone in self.last_gone.items():
            left = self._left(gone)
            removed = sum(one.rows for one in self.gone if one.table == table)
            if left != (gone.left_rows, gone.left_digest) or self.once_sealed[table] != gone.left_rows + removed:
                yield Fault(gone.upto, ROWS, table)

    def _left(self, gone: Gone) -> tuple[int, str]:
        columns = json.loads(gone.columns).get(gone.table) if gone.to_txid is not None else None
        if columns is None:
            return 0, ""  # there is no such seal, or it never held this table
        bounds = {
            "above": json.loads(gone.above).get(gone.table),
            "to_txid": gone.to_txid,
            "last_id": json.loads(gone.last_ids).get(gone.table),
        }
        self.cursor.execute(LEFT.format(columns=listed(columns), table=quoted(gone.table)), bounds)
        number, digest = self.cursor.fetchone()
        self.rows += number
        return number, digest


def quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))


def listed(names: list[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def verify(heads: Path | None = None) -> Verdict:
    """Recompute everything, and compare with the heads kept outside. Nothing is changed."""
    began = time.monotonic()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(SESSION)
        cursor.execute("SELECT coalesce(max(number), 0) FROM audit_seal")
        (newest,) = cursor.fetchone()
        walk = Verifier(cursor, newest)
        faults = list(walk.faults())
        outside, compared = _against_heads(cursor, heads or heads_file(), newest)
    first = min([*faults, *outside], key=lambda fault: fault.number, default=None)
    return Verdict(first, newest, walk.seals, walk.rows, compared, round(time.monotonic() - began, 3))


def _against_heads(cursor: Any, path: Path, newest: int) -> tuple[list[Fault], int]:
    if not path.exists():
        return [], 0
    cursor.execute("SELECT number, digest FROM audit_seal ORDER BY number")
    known = dict(cursor.fetchall())
    compared = 0
    try:
        for head in read_heads(path):
            compared += 1
            if head.number > newest and not known.get(head.number):
                return [Fault(newest + 1, TAIL)], compared
            if known.get(head.number) not in (None, head.digest):
                return [Fault(head.number, REBUILT)], compared
    except (Damaged, OSError):
        return [Fault(newest, HEADS)], compared
    return [], compared


def verify_and_keep() -> Verdict:
    """Verify, and write down what was found."""
    verdict = verify()
    fault = verdict.fault
    detail: dict[str, Any] = {"seals": verdict.seals, "rows": verdict.rows, "heads": verdict.heads}
    if fault:
        detail |= {"first_bad": fault.number, "why": fault.why, "what": fault.what}
    Check.objects.create(
        kind=Check.Kind.SEAL,
        at=clock.now(),
        actor_label=current().label,
        is_sound=fault is None,
        upto=verdict.upto,
        seconds=verdict.seconds,
        detail=detail,
    )
    return verdict
