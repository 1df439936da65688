"""These tests speak and listen: they are collected only where the media extra is installed (docs/media.md)."""

from importlib.util import find_spec

collect_ignore = (
    []
    if all(map(find_spec, ("faster_whisper", "hibari", "imageio_ffmpeg", "jiwer")))
    else ["test_drafting.py", "test_hearing.py"]
)
