"""Why a comment is not taken in: each refusal with its HTTP status, and the sentences for its writer."""

CHANGES_OVER = (
    "This comment can no longer be changed: time is over, somebody answered it, or a moderator decided on it."
)
PARENT_GONE = "The comment that you answer is no longer shown. Your text is below: send it as a new comment."

PARENT_LOCKED = (
    "A moderator closed this part of the discussion to new replies. Your text is below: you can send it as a "
    "new comment."
)
BRANCH_LOCKED = "A moderator closed this part of the discussion to new replies. Your text is below, so that you can keep it."


class Refused(Exception):
    """The comment was not taken in; the text is the sentence for its writer. Nothing was stored."""

    status = 422


class Throttled(Refused):
    status = 429


class Turned(Refused):
    """The moderators decided that this sender shall not write, for a time or at all."""

    status = 403


class Nudged(Refused):
    """The writer is asked once to think again; ``reasons`` are the sentences. Sent again, the text goes in."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("Not sent yet.")
        self.reasons = reasons


class Closed(Refused):
    status = 409


class TooLate(Refused):
    status = 409
