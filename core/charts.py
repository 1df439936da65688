"""What the charts of every app share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tick:
    """A line of the grid or a number of the scale, and what is written beside it, in the middle of the line."""

    at: int
    label: str

    @property
    def text_y(self) -> int:
        return self.at + 5
