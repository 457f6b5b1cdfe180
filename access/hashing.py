"""Passwords as Argon2id (R-ACC-05), by the cryptography package: passkeys need it anyway, so no other is added.

What is stored is what Django's own Argon2 hasher would store, so that one could replace this one.
"""

import re
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash
from django.utils.translation import gettext_noop as _

PARAMETERS = re.compile(r"\$m=(\d+),t=(\d+),p=(\d+)\$")


class Argon2idHasher(BasePasswordHasher):
    """At least what OWASP asks for (19 MiB, two rounds, one lane), and a tenth of a second or more a try."""

    algorithm = "argon2"
    memory_cost = 32 * 1024  # KiB
    time_cost = 3
    parallelism = 1

    def salt(self) -> str:
        return token_bytes(16).hex()

    def encode(self, password: str, salt: str) -> str:
        kdf = Argon2id(
            salt=bytes.fromhex(salt),
            length=32,
            iterations=self.time_cost,
            lanes=self.parallelism,
            memory_cost=self.memory_cost,
        )
        return self.algorithm + kdf.derive_phc_encoded(password.encode())

    def verify(self, password: str, encoded: str) -> bool:
        try:
            Argon2id.verify_phc_encoded(password.encode(), encoded.removeprefix(self.algorithm))
        except InvalidKey:
            return False
        return True

    def decode(self, encoded: str) -> dict[str, Any]:
        found = PARAMETERS.search(encoded)
        assert found, "not a hash of this hasher"
        memory_cost, time_cost, parallelism = map(int, found.groups())
        return {
            "algorithm": self.algorithm,
            "memory_cost": memory_cost,
            "time_cost": time_cost,
            "parallelism": parallelism,
            "salt": encoded.split("$")[-2],
            "hash": encoded.split("$")[-1],
        }

    def must_update(self, encoded: str) -> bool:
        costs = self.decode(encoded)
        return any(costs[name] != getattr(self, name) for name in ("memory_cost", "time_cost", "parallelism"))

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        parts = self.decode(encoded)
        return {
            _("algorithm"): parts["algorithm"],
            _("salt"): mask_hash(parts["salt"]),
            _("hash"): mask_hash(parts["hash"]),
        }

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to even out: a hash with other costs is made anew at the next sign-in."""
