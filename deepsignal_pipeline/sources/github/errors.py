"""What GitHub's answers can mean when they are not the data asked for. One class a meaning; nothing is decided here.

No message holds a token: messages are made from our own words, the path asked for and GitHub's own one-line message.
"""

from __future__ import annotations


class GitHubError(Exception):
    """An answer that is not the data asked for; the message says what, where and what to do."""


class UnauthorisedError(GitHubError):
    """The token is missing, wrong or expired: nothing more can be asked."""


class GoneError(GitHubError):
    """Nothing is there under this name, or the token may not see it (GitHub tells both as 404)."""


class BlockedError(GitHubError):
    """GitHub or its law department refuses this repository."""


class EmptyRepositoryError(GitHubError):
    """The repository holds no commit: a valid answer of zero commits."""


class MovedError(GitHubError):
    """The repository lives elsewhere. `location` is where, as a path below the base address."""

    def __init__(self, message: str, location: str) -> None:
        super().__init__(message)
        self.location = location


class WrongRepositoryError(GitHubError):
    """A name that was one repository's now belongs to another: nothing of the two may be mixed."""


class LimitedError(GitHubError):
    """A rate limit. `wait` is how many seconds GitHub asks for, None if it does not say.

    `is_primary` tells the hourly budget, which comes back at a known instant, from the protection against haste.
    """

    def __init__(self, message: str, wait: float | None, is_primary: bool) -> None:
        super().__init__(message)
        self.wait = wait
        self.is_primary = is_primary


class BudgetError(GitHubError):
    """Waiting for GitHub's limit would take longer than this visit may. `resume_at`: seconds since 1970, GitHub's clock."""

    def __init__(self, message: str, resume_at: float) -> None:
        super().__init__(message)
        self.resume_at = resume_at


class TransientError(GitHubError):
    """The connection or the server failed; the same question may be answered the next time."""


class MalformedError(GitHubError):
    """An answer that cannot be what it says it is: no JSON, another shape, an empty body."""


class TooHeavyError(GitHubError):
    """A GraphQL question that GitHub gave up on; asked in smaller parts it may be answered."""


class IncompleteError(GitHubError):
    """A listing that did not give all that there is; what came is not to be counted as all."""
