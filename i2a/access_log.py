"""gunicorn's log of requests, without the pages of surveys: their lines, with time and size, would be a trail from the
call on which somebody answered to what they answered (R7, decision 0022)."""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

KEPT_SILENT = "/s/"


class AccessLog(Logger):
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if environ.get("PATH_INFO") != KEPT_SILENT:
            super().access(resp, req, environ, request_time)
