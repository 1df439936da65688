"""How long an MP3 plays, read from its frames: a file of this kind has no index that says it."""

from typing import BinaryIO

# kbit/s by the index in a frame's head, layer III: MPEG 1, then MPEG 2 and 2.5.
RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0)
RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0)
HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
FRAMES_MOST = 2_000_000  # about 14 hours


def mp3_length(file: BinaryIO) -> int | None:
    """Milliseconds; None when there is no frame where one should be. Walks from head to head, whatever the size."""
    size = file.seek(0, 2)
    offset = _after_tag(file)
    seconds = 0.0
    for _number in range(FRAMES_MOST):
        file.seek(offset)
        frame = _frame(file.read(4))
        if frame is None or offset >= size:
            break
        length, lasts = frame
        offset += length
        seconds += lasts
    return round(seconds * 1000) or None


def _after_tag(file: BinaryIO) -> int:
    """Where the sound begins, behind an ID3 tag if there is one."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + ((head[6] & 127) << 21 | (head[7] & 127) << 14 | (head[8] & 127) << 7 | head[9] & 127)


def _frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the layer III frame that ``head`` begins."""
    if len(head) < 4 or head[0] != 255 or head[1] & 0xE0 != 0xE0:
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if version not in HERTZ or layer != 1 or (head[2] >> 2 & 3) == 3:
        return None
    rate = (RATES_1 if version == 3 else RATES_2)[head[2] >> 4]
    hertz = HERTZ[version][head[2] >> 2 & 3]
    samples = 1152 if version == 3 else 576
    return (samples * rate * 125 // hertz + (head[2] >> 1 & 1), samples / hertz) if rate else None
