"""How often something may happen from one address in some minutes. Without Redis nothing is counted, nothing stops."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def is_over(what: str, address: str | None, *, most: int, seconds: int) -> bool:
    """Counts one more `what` (a key without spaces), and says whether that was too many. The address is not logged."""
    key = f"limit:{what}:{address}"
    try:
        cache.add(key, 0, timeout=seconds)
        times = cache.incr(key)
    except (RedisError, OSError, ValueError):  # no Redis, or the count has just run out
        return False
    if times == most + 1:
        logger.warning("more than %d times from one address: %s", most, what)
    return times > most
