"""gunicorn's log of requests, without the pages that no log names."""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from i2a.unlogged import is_unlogged


class AccessLog(Logger):
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if not is_unlogged(environ.get("PATH_INFO")):
            super().access(resp, req, environ, request_time)
