"""Errors as pages in the visitor's language, and as JSON in English with codes that never change."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from crawler.errors import IndexUnavailable, NotFound, StorageError, TalentWatchError, UsageError
from crawler.web.language import table, words, words_of
from crawler.web.shell import render

#: Statuses that come without a code of their own.
_CODES = {
    400: "bad_request", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 410: "gone",
    413: "too_large", 422: "bad_request", 429: "too_many_requests", 500: "defect", 503: "unavailable",
}  # fmt: skip

_log = logging.getLogger(__name__)


class Refusal(HTTPException):
    """A request that a page refuses: a status, and the code of its text in ``words.toml``."""

    def __init__(self, status: int, code: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(status, words_of("en")(f"error.{code}"), headers=headers)
        self.code = code


def install(app: FastAPI) -> None:
    """Answer every error with `failure`."""
    app.add_exception_handler(TalentWatchError, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Exception, _defect)


def _status(error: TalentWatchError) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, UsageError):
        return 429 if error.code == "too_many_signups" else 400
    return 503 if isinstance(error, (IndexUnavailable, StorageError)) else 500


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, TalentWatchError)  # noqa: S101 - registered for these only
    status = _status(error)
    if status >= 500:
        # What broke inside is for the operator's log; people get what they can do about it.
        _log.error("%s: %s", request.url.path.split("/")[1], error)
        return failure(request, status, _CODES[503])
    if request.url.path.startswith("/api/"):
        return _json(status, error.code or _CODES[status], error.message, error.mend)
    message, mend = words(request.scope).error(error)
    return _page(request, status, message, mend)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for these only
    code = error.code if isinstance(error, Refusal) else _CODES.get(error.status_code, "bad_request")
    answer = failure(request, error.status_code, code)
    answer.headers.update(error.headers or {})
    return answer


def _invalid(request: Request, _error: Exception) -> Response:
    return failure(request, 422, "bad_request")


def _defect(request: Request, _error: Exception) -> Response:
    return failure(request, 500, "defect")


def failure(request: Request, status: int, code: str) -> Response:
    """The answer to a request that went wrong: a page, or JSON below ``/api/``."""
    if request.url.path.startswith("/api/"):
        say = words_of("en")
        return _json(status, code, say(f"error.{code}"), say(f"mend.{code}") if code in table()["mend"] else "")
    say = words(request.scope)
    return _page(request, status, say(f"error.{code}"), say(f"mend.{code}") if code in table()["mend"] else "")


def _json(status: int, code: str, message: str, mend: str) -> Response:
    return JSONResponse({"error": {"status": status, "code": code, "message": message, "mend": mend}}, status)


def _page(request: Request, status: int, message: str, mend: str) -> Response:
    known = status if f"heading_{status}" in table()["failure"] else 400
    heading = words(request.scope)(f"failure.heading_{known}")
    values = {"status": status, "heading": heading, "message": message, "mend": mend}
    return render(request, "failure.html", values, status=status)
