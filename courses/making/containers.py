"""Which container a video or sound file is, by its first bytes; the codecs inside are ffmpeg's to judge."""

from django.utils.translation import gettext as _

VIDEO = {
    "mp4": (".mp4", ".m4v", ".mov"),
    "mov": (".mov", ".qt", ".mp4"),
    "matroska": (".mkv", ".webm"),
    "avi": (".avi",),
    "mpeg": (".mpg", ".mpeg", ".ts", ".mts", ".m2ts"),
}
AUDIO = {
    "wav": (".wav",),
    "mp3": (".mp3",),
    "m4a": (".m4a", ".mp4"),
    "mp4": (".m4a", ".mp4"),
    "ogg": (".ogg", ".oga", ".opus"),
    "flac": (".flac",),
    "matroska": (".mka", ".webm"),
    "aac": (".aac",),
}
VIDEO_ENDINGS = tuple(sorted({ending for each in VIDEO.values() for ending in each}))
AUDIO_ENDINGS = tuple(sorted({ending for each in AUDIO.values() for ending in each}))
TS_PACKET = 188
START = (
    (b"\x1aE\xdf\xa3", "matroska"),
    (b"\x00\x00\x01\xba", "mpeg"),
    (b"\x00\x00\x01\xb3", "mpeg"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"\xff\xf1", "aac"),
    (b"\xff\xf9", "aac"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xfa", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"\xff\xf2", "mp3"),
)


def container(head: bytes) -> str:
    """A key of ``VIDEO`` or ``AUDIO``; empty when the bytes are none of them."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        return {b"M4A ": "m4a", b"M4B ": "m4a", b"qt  ": "mov"}.get(brand, "mp4")
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip"):  # QuickTime before it named itself
        return "mov"
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12], "")
    for magic, name in START:
        if head.startswith(magic):
            return name
    # A transport stream of a camera may put four bytes before each packet.
    for lead in (0, 4):
        step = TS_PACKET + lead
        if len(head) > lead + 2 * step and all(head[lead + step * number] == 0x47 for number in range(3)):
            return "mpeg"
    return ""


def video_doubt(name: str, head: bytes) -> str:
    """Why this is no video that can be taken; empty when it may be one."""
    found = container(head)
    if found in VIDEO:
        return _disagrees(name, VIDEO[found])
    if found in AUDIO:
        return _("This is a sound file, there is no picture in it. Use it in an audio lesson, or choose the video.")
    return _("This is no video, whatever its name says. Choose an MP4, MOV, MKV, WebM, AVI or MPEG file.")


def audio_doubt(name: str, head: bytes) -> str:
    """Why this is no recording that can be taken; empty when it may be one."""
    found = container(head)
    if found in AUDIO:
        return _disagrees(name, AUDIO[found])
    return _("This is no sound file, whatever its name says. Choose a WAV, MP3, M4A, OGG or FLAC file.")


def _disagrees(name: str, endings: tuple[str, ...]) -> str:
    if name.lower().endswith(endings):
        return ""
    sentence = _("The file is not what the end of its name says; its content asks for %(endings)s. Export it again.")
    return sentence % {"endings": ", ".join(endings)}
