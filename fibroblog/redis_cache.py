"""Django's Redis cache, except that a Redis that is away is only slow: a lost cache loses nothing."""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends import redis
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from redis.exceptions import RedisError

REST = 5.0  # seconds in which a Redis that did not answer is not asked again


class RedisCache(redis.RedisCache):
    _asked_again_at = 0.0

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or_else(default, lambda: super(RedisCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._or_else(None, lambda: super(RedisCache, self).set(key, value, timeout, version))

    def _or_else(self, instead: Any, ask: Callable[[], Any]) -> Any:
        if time.monotonic() < RedisCache._asked_again_at:
            return instead
        try:
            return ask()
        except (RedisError, OSError):
            RedisCache._asked_again_at = time.monotonic() + REST
            return instead
