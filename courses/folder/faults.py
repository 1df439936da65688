"""What is wrong in a course folder, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.errors import InvalidInput


@dataclass(frozen=True, order=True)
class Fault:
    """``file:line: what is wrong, what would be right``; line 0 means the file as a whole."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}" if self.line else f"{self.file}: {self.sentence}"


class FolderFaults(InvalidInput):
    """A course folder that cannot be imported; ``faults`` lists everything that is wrong with it, in order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))
