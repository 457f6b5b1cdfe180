"""gunicorn's log of requests, without what would tell when somebody answered a survey (R7, decision 0022): the pages
that no log names; the files that pages are drawn with, for files without a page before them tell of such a page; and
that a colleague began to ask on the phone, for the next line says when the last question was answered."""

from datetime import timedelta
from typing import Any

from gunicorn.glogging import Logger

from i2a.unlogged import is_unlogged

TELLING = ("/static/", "/surveys/phone/")


class AccessLog(Logger):
    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        path = environ.get("PATH_INFO", "")
        if not is_unlogged(path) and not path.startswith(TELLING):
            super().access(resp, req, environ, request_time)
