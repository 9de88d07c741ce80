"""Videos people send: MP4 or WebM by their content, with what they say about place and device taken out.

Nothing is decoded here. A file is walked box by box (ISO 14496-12) or element by element (RFC 8794) to find
out what it is, how long it plays, and what must not be passed on: phones write where somebody stood.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# QuickTime is left out on purpose: browsers do not all play it, and it carries tracks of places.
BRANDS = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9"}
    | {b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash", b"mmp4"}
)
TOLD = frozenset({b"udta", b"meta", b"uuid"})
PLAYED = frozenset({b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"hint"})
MOST_PARTS = 100_000
EBML, SEGMENT, CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
INFO, TRACKS, TRACK, TRACK_TYPE = 0x1549A966, 0x1654AE6B, 0xAE, 0x83
DOC_TYPE, SCALE, DURATION = 0x4282, 0x2AD7B1, 0x4489
TAGS, ATTACHMENTS = 0x1254C367, 0x1941A469


class NotAVideo(ValueError):
    """Neither an MP4 nor a WebM file with a picture track, or one that carries more than it plays."""


@dataclass(frozen=True)
class VideoFacts:
    """extension: "mp4" or "webm". seconds: how long it plays, None when the file does not say."""

    extension: str
    seconds: int | None


@dataclass(frozen=True)
class Part:
    """A box or an element: where it begins, where its content begins, and where it ends."""

    kind: bytes | int
    begin: int
    content: int
    end: int


def clean_video(file: BinaryIO) -> VideoFacts:
    """Find out what the file is and blank, in place, what it tells about place, device and people.

    The file keeps its length, so nothing that points into it moves. Raises NotAVideo.
    """
    end = file.seek(0, 2)
    file.seek(0)
    first = file.read(12)
    try:
        if first[4:8] == b"ftyp" and first[8:12] in BRANDS:
            return _mp4(file, end)
        if first[:4] == EBML.to_bytes(4, "big"):
            return _webm(file, end)
    except (struct.error, IndexError, RecursionError) as broken:
        raise NotAVideo from broken
    raise NotAVideo


def _read(file: BinaryIO, begin: int, size: int) -> bytes:
    file.seek(begin)
    data = file.read(size)
    if len(data) != size:
        raise NotAVideo
    return data


# ---------------------------------------------------------------- MP4


def _boxes(file: BinaryIO, begin: int, end: int) -> Iterator[Part]:
    for _ in range(MOST_PARTS):
        if begin >= end:
            return
        size, kind = struct.unpack(">I4s", _read(file, begin, 8))
        content = begin + 8
        if size == 1:
            size, content = struct.unpack(">Q", _read(file, content, 8))[0], begin + 16
        elif size == 0:
            size = end - begin
        if begin + size > end or begin + size < content:
            raise NotAVideo
        yield Part(kind, begin, content, begin + size)
        begin += size
    raise NotAVideo


def _mp4(file: BinaryIO, end: int) -> VideoFacts:
    top = list(_boxes(file, 0, end))
    movies = [part for part in top if part.kind == b"moov"]
    if len(movies) != 1:
        raise NotAVideo
    inside = list(_boxes(file, movies[0].content, movies[0].end))
    tracks = [list(_boxes(file, part.content, part.end)) for part in inside if part.kind == b"trak"]
    kinds = {_handler(file, track) for track in tracks}
    if b"vide" not in kinds or not kinds <= PLAYED:
        raise NotAVideo
    for part in (*top, *inside, *(one for track in tracks for one in track)):
        if part.kind in TOLD:
            _blank(file, part)
    header = next((part for part in inside if part.kind == b"mvhd"), None)
    return VideoFacts("mp4", _length(file, header) if header else None)


def _handler(file: BinaryIO, track: list[Part]) -> bytes:
    """What a track holds: pictures, sound, words or something else."""
    for media in track:
        if media.kind == b"mdia":
            for part in _boxes(file, media.content, media.end):
                if part.kind == b"hdlr":
                    return _read(file, part.content + 8, 4)
    raise NotAVideo


def _blank(file: BinaryIO, part: Part) -> None:
    file.seek(part.begin + 4)
    file.write(b"free")
    _zero(file, part.content, part.end)


def _zero(file: BinaryIO, begin: int, end: int) -> None:
    file.seek(begin)
    while begin < end:
        begin += file.write(bytes(min(end - begin, 65_536)))


def _length(file: BinaryIO, header: Part) -> int | None:
    is_long = _read(file, header.content, 1) == b"\x01"
    layout, offset = (">IQ", 20) if is_long else (">II", 12)
    scale, length = struct.unpack(layout, _read(file, header.content + offset, struct.calcsize(layout)))
    unknown = 2 ** (64 if is_long else 32) - 1
    return round(length / scale) if scale and length and length != unknown else None


# ---------------------------------------------------------------- WebM


def _number(file: BinaryIO, begin: int, *, keep_marker: bool) -> tuple[int, int, bool]:
    """(value, bytes it took, whether all its bits are one: a size nobody knows)."""
    first = _read(file, begin, 1)[0]
    length = 9 - first.bit_length()
    if length > 8:
        raise NotAVideo
    value = int.from_bytes(_read(file, begin, length), "big")
    bare = value & ((1 << 7 * length) - 1)
    return (value if keep_marker else bare), length, bare == (1 << 7 * length) - 1


def _elements(file: BinaryIO, begin: int, end: int) -> Iterator[Part]:
    for _ in range(MOST_PARTS):
        if begin >= end:
            return
        kind, id_bytes, _all = _number(file, begin, keep_marker=True)
        size, size_bytes, is_unknown = _number(file, begin + id_bytes, keep_marker=False)
        content = begin + id_bytes + size_bytes
        stop = end if is_unknown else content + size
        if stop > end:
            raise NotAVideo
        yield Part(kind, begin, content, stop)
        if is_unknown and kind != SEGMENT:
            return
        begin = stop
    raise NotAVideo


def _webm(file: BinaryIO, end: int) -> VideoFacts:
    top = list(_elements(file, 0, end))
    named = [part for part in _elements(file, top[0].content, top[0].end) if part.kind == DOC_TYPE]
    segments = [part for part in top if part.kind == SEGMENT]
    if not named or _content(file, named[0]).rstrip(b"\0") != b"webm" or len(segments) != 1:
        raise NotAVideo
    seconds, has_picture = None, False
    for part in _elements(file, segments[0].content, segments[0].end):
        if part.kind == INFO:
            seconds = _webm_seconds(file, part)
        elif part.kind == TRACKS:
            has_picture = _has_picture(file, part)
        elif part.kind in {TAGS, ATTACHMENTS}:
            _void(file, part)
    if not has_picture:
        raise NotAVideo
    return VideoFacts("webm", seconds)


def _content(file: BinaryIO, part: Part) -> bytes:
    return _read(file, part.content, min(part.end - part.content, 64))


def _webm_seconds(file: BinaryIO, info: Part) -> int | None:
    scale, length = 1_000_000, 0.0
    for part in _elements(file, info.content, info.end):
        if part.kind == SCALE:
            scale = int.from_bytes(_content(file, part), "big")
        elif part.kind == DURATION:
            data = _content(file, part)
            length = struct.unpack(">d" if len(data) == 8 else ">f", data)[0]
    seconds = length * scale / 1e9
    return round(seconds) if 0 < seconds < 1e6 else None


def _has_picture(file: BinaryIO, tracks: Part) -> bool:
    return any(
        part.kind == TRACK_TYPE and _content(file, part)[-1:] == b"\x01"
        for track in _elements(file, tracks.content, tracks.end)
        if track.kind == TRACK
        for part in _elements(file, track.content, track.end)
    )


def _void(file: BinaryIO, part: Part) -> None:
    """Make it an element that players skip: id EC, a size of up to eight bytes, zeros."""
    width = min(8, part.content - part.begin - 1)
    size = part.end - part.begin - 1 - width
    file.seek(part.begin)
    file.write(b"\xec" + ((1 << 7 * width) | size).to_bytes(width, "big"))
    _zero(file, part.begin + 1 + width, part.end)
