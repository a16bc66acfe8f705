"""Who stands for whom in a pack: Adult A, Child B, Person C, each letter once."""

from collections.abc import Iterator
from itertools import count, product
from string import ascii_uppercase

REFERRER, PERSON = "Referrer", "Person"


def letters() -> Iterator[str]:
    """A to Z, then AA, AB and so on."""
    for length in count(1):
        for letter in product(ascii_uppercase, repeat=length):
            yield "".join(letter)


class Pseudonyms:
    """Gives the next person a name that is nobody's."""

    def __init__(self) -> None:
        self._letters = letters()

    def next(self, kind: str = PERSON) -> str:
        """Such as "Adult A"; `kind` is what the person is to the case."""
        return f"{kind} {next(self._letters)}"
