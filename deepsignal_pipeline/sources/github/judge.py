"""What an answer means: the JSON asked for, or one of the errors of `errors`. Pure: no request, no clock, no waiting."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from github.Requester import Requester

from deepsignal_pipeline.sources.github.errors import (
    BlockedError,
    EmptyRepositoryError,
    GitHubError,
    GoneError,
    LimitedError,
    MalformedError,
    MovedError,
    TooHeavyError,
    TransientError,
    UnauthorisedError,
)
from deepsignal_pipeline.sources.github.wire import Answer, Question

_REDIRECTS = (301, 302, 303, 307, 308)
_LIMIT_WORDS = re.compile(r"rate.?limit|abuse|too many|retry your request|wait a few|slow down", re.IGNORECASE)
_MESSAGE_LENGTH = 200
_RETRY_AFTER = re.compile(r"\d{1,9}")


@dataclass(frozen=True)
class Rate:
    """What is left of a budget: how much, and in how many seconds it begins anew; by GitHub's clock, not by ours."""

    resource: str
    remaining: int
    limit: int
    renewed_in: float


def judge(question: Question, answer: Answer, now: float) -> Any:
    """Return the JSON of a good answer, None for a 304 to a question with an ETag; raise the GitHubError that fits.

    `now` is this machine's time and only used where the answer carries no Date.
    """
    if answer.status == HTTPStatus.NOT_MODIFIED and question.etag:
        return None
    if answer.status == HTTPStatus.OK:
        return _data(question, answer)
    raise _error(question, answer, now)


def rate_of(answer: Answer, now: float) -> Rate | None:
    """Return the budget that the headers of an answer tell; None where they tell none or make no sense."""
    numbers = [_number(answer.headers.get(f"x-ratelimit-{name}")) for name in ("remaining", "limit", "reset")]
    remaining, limit, reset = numbers
    if remaining is None or limit is None or reset is None:
        return None
    resource = answer.headers.get("x-ratelimit-resource", "core")
    return Rate(resource, int(remaining), int(limit), max(0.0, reset - server_time(answer, now)))


def server_time(answer: Answer, now: float) -> float:
    """Return GitHub's time, seconds since 1970, from the Date header; `now` where there is none."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError):
        return now


def graphql_error(path: str, data: Mapping[str, Any]) -> GitHubError | None:
    """Return what the errors of a GraphQL answer mean for the whole question; None where a part of it can be used."""
    errors = data.get("errors")
    if not errors:
        return (
            None
            if isinstance(data.get("data"), dict)
            else MalformedError(f"{path}: GraphQL gave neither data nor errors")
        )
    first = errors[0] if isinstance(errors, list) and isinstance(errors[0], dict) else {}
    kinds = {str(error.get("type", "")).upper() for error in errors if isinstance(error, dict)}
    words = _clip(str(first.get("message", "")))
    if kinds & {"RATE_LIMITED", "RATE_LIMIT"} or _LIMIT_WORDS.search(words):
        return LimitedError(f"{path}: {words}", None, is_primary="secondary" not in words.lower())
    if not isinstance(data.get("data"), dict) or kinds & {"MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED"}:
        return TooHeavyError(f"{path}: {words}")
    return None


def _data(question: Question, answer: Answer) -> Any:
    if question.accept.endswith(".sha"):
        return answer.text.strip()
    try:
        data = json.loads(answer.text)
    except ValueError:
        what = "empty" if not answer.text.strip() else f"no JSON ({_clip(answer.text, 40)!r})"
        raise MalformedError(f"{question.path}: the answer is {what}") from None
    except RecursionError:
        raise MalformedError(f"{question.path}: the answer is nested too deep to be read") from None
    if not isinstance(data, (dict, list)):
        raise MalformedError(f"{question.path}: the answer is {_clip(answer.text, 40)!r}, neither object nor list")
    return data


def _error(question: Question, answer: Answer, now: float) -> GitHubError:
    status, message = answer.status, _message(answer)
    what = f"{question.path}: {status} {message}".rstrip()
    if status in _REDIRECTS:
        location = answer.headers.get("location", "")
        return MovedError(what, location) if location else MalformedError(f"{what}: it does not say where to")
    if limited := _limited(what, answer, message, now):
        return limited
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS):
        return BlockedError(f"{what}{_why_blocked(answer)}")
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT) and question.payload is not None:
        return TooHeavyError(what)
    return _by_status(status, what)


def _by_status(status: int, what: str) -> GitHubError:
    known: dict[int, type[GitHubError]] = {
        400: MalformedError,
        401: UnauthorisedError,
        404: GoneError,
        409: EmptyRepositoryError,
        410: GoneError,
    }
    if status == HTTPStatus.UNAUTHORIZED:
        return UnauthorisedError(f"{what}: the token is wrong or expired; set GITHUB_TOKEN to a valid one")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return TransientError(what)
    # 304 to a question without an ETag, 422, and whatever is unknown: no data, and asking again may help once
    return known.get(status, MalformedError)(what)


def _limited(what: str, answer: Answer, message: str, now: float) -> LimitedError | None:
    """Return the limit that a 403 or 429 tells; None where it tells something else.

    GitHub words its limits in many ways, so any one sign is enough: the status, a header, or the words.
    """
    if answer.status not in (HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS):
        return None
    rate = rate_of(answer, now)
    used_up = rate is not None and rate.remaining == 0
    worded = Requester.isRateLimitError(message) or bool(_LIMIT_WORDS.search(message))
    if not (used_up or worded or "retry-after" in answer.headers or answer.status == HTTPStatus.TOO_MANY_REQUESTS):
        return None
    wait = retry_after(answer, now)
    if used_up and rate is not None and wait is None:
        return LimitedError(what, rate.renewed_in, is_primary=True)
    return LimitedError(what, wait, is_primary=False)


def retry_after(answer: Answer, now: float) -> float | None:
    """Return the seconds that Retry-After asks for, as a number or as a date; None if it is missing or makes no sense."""
    value = answer.headers.get("retry-after", "").strip()
    if _RETRY_AFTER.fullmatch(value):
        return float(value)
    try:
        wait = parsedate_to_datetime(value).timestamp() - server_time(answer, now)
    except (ValueError, TypeError):
        return None
    return wait if wait > 0 else None


def _message(answer: Answer) -> str:
    """Return GitHub's own message in one short line without control characters; empty if there is none."""
    try:
        data = json.loads(answer.text)
        return _clip(str(data["message"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _why_blocked(answer: Answer) -> str:
    try:
        reason = json.loads(answer.text)["block"]["reason"]
    except (ValueError, KeyError, TypeError, RecursionError):
        reason = ""
    if "x-github-sso" in answer.headers:
        reason = "the organisation wants the token authorised for its single sign-on"
    return f" ({_clip(str(reason))})" if reason else ""


def _clip(text: str, length: int = _MESSAGE_LENGTH) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text[:length]).strip()


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 <= number < 1e12 else None
