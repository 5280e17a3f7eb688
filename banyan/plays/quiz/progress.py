"""What a quiz quest remembers."""

from banyan.plays.own import OwnProgress

__all__ = ["QuizProgress"]


class QuizProgress(OwnProgress, frozen=True, array_like=True):
    """`passed` levels are behind; `tries` were made at the next one, the last with `last_right`."""

    passed: int = 0
    tries: int = 0
    last_right: int | None = None
