"""The ways to say no. Each is a sentence for a person and a status for a browser."""


class Problem(Exception):  # noqa: N818 - it is an answer, not an error
    status = 500
    title = "Sorry, there is a problem with this service"


class NotFound(Problem):
    """What one may not see does not exist, so hidden and absent say the same."""

    status = 404
    title = "Page not found"


class Forbidden(Problem):
    status = 403
    title = "You cannot do this"


class Stale(Problem):
    """It is allowed, but so grave that signing in long ago is not enough."""

    status = 403
    title = "Confirm that it is you"


class Conflict(Problem):
    status = 409
    title = "This cannot be done now"


class TooLarge(Problem):
    status = 413
    title = "The file is too large"


class TooMany(Problem):
    """It was done too often for now; `seconds` later it can be done again."""

    status = 429
    title = "Wait before you try again"

    def __init__(self, why: str, seconds: int) -> None:
        super().__init__(why)
        self.seconds = seconds

    @property
    def wait(self) -> str:
        """When to come back: "in 12 minutes"."""
        if self.seconds <= 60:
            return "in a minute"
        minutes = -(-self.seconds // 60)
        if minutes < 60:
            return f"in {minutes} minutes"
        hours = -(-minutes // 60)
        return "in an hour" if hours == 1 else f"in {hours} hours"


class Unavailable(Problem):
    status = 503
    title = "Sorry, the service is unavailable"
