"""Column types as a migration writes them."""

from typing import Any

from sqlalchemy.types import UserDefinedType


class Written(UserDefinedType[Any]):
    """A column type by PostgreSQL's own word for it."""

    cache_ok = True

    def __init__(self, word: str) -> None:
        """Remember the word, as `xid8`."""
        self.word = word

    def get_col_spec(self, **_: Any) -> str:
        """Return the word."""
        return self.word
