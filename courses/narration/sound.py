"""Where sound is and where stillness, in samples of speech."""

from collections.abc import Sequence

import numpy as np

RATE = 16_000
STEP = 0.01  # length of the windows in which loudness is measured
STILL = 0.08  # so long must it be still before a sound counts as a beginning
BREAK = 0.55  # so long a stillness parts the sound into clips, which the model hears one by one
NEAR = 0.7  # how far the model's word times may be from the beginning that is heard


def loud_windows(samples: np.ndarray) -> np.ndarray:
    """Whether something is heard, for each window of ``STEP`` seconds."""
    window = round(STEP * RATE)
    loudness = np.sqrt((samples[: len(samples) // window * window].reshape(-1, window) ** 2).mean(axis=1))
    return loudness > 0.04 * np.percentile(loudness, 95)


def beginnings(loud: np.ndarray) -> list[float]:
    """The seconds at which sound begins after stillness. The model knows which word it hears; the sound knows when."""
    heard = np.flatnonzero(loud)
    after_still = np.diff(heard, prepend=-len(loud)) > round(STILL / STEP)
    return [round(float(place) * STEP, 3) for place in heard[after_still]]


def clips(loud: np.ndarray) -> list[float]:
    """Begin and end of each clip, one after the other, with a little room around it."""
    heard = np.flatnonzero(loud)
    breaks = np.flatnonzero(np.diff(heard) > round(BREAK / STEP))
    edges: list[float] = []
    for first, last in zip([heard[0], *heard[breaks + 1]], [*heard[breaks], heard[-1]], strict=True):
        edges += [round(float(first) * STEP - 0.1, 2), round(float(last) * STEP + 0.15, 2)]
    return edges


def beginning_of(start: float, end: float, begins: Sequence[float]) -> float:
    """The beginning nearest to a word's time but not after its end; the time itself where there is none."""
    near = [begin for begin in begins if start - NEAR <= begin < end]
    return min(near, key=lambda begin: abs(begin - start), default=start)
