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


class Conflict(Problem):
    status = 409
    title = "This cannot be done now"


class TooLarge(Problem):
    status = 413
    title = "The file is too large"


class Unavailable(Problem):
    status = 503
    title = "Sorry, the service is unavailable"
