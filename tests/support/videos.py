"""Small videos for tests, put together box by box: right enough to be looked into, too small to be played."""

from __future__ import annotations

import struct

SECRET_PLACE = b"+50.5558+008.5045/SECRETPLACE"


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of an MP4 file."""
    payload = b"".join(content)
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def mp4(
    seconds: int = 75,
    *,
    brand: bytes = b"isom",
    tracks: tuple[bytes, ...] = (b"vide", b"soun"),
    data: bytes = b"\0" * 2000,
) -> bytes:
    """An MP4 whose phone wrote down where it was: beside the film, in the film, and in a track."""
    place = box(b"udta", box(b"\xa9xyz", SECRET_PLACE))
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000), b"\0" * 80)
    traks = [box(b"trak", box(b"mdia", box(b"hdlr", b"\0" * 8, kind, b"\0" * 13)), place) for kind in tracks]
    movie = box(b"moov", header, *traks, place, box(b"meta", SECRET_PLACE))
    return b"".join([box(b"ftyp", brand, b"\0\0\2\0", brand), movie, box(b"mdat", data), place])


def element(kind: int, content: bytes, *, size_bytes: int = 4) -> bytes:
    """One element of a WebM file."""
    size = ((1 << 7 * size_bytes) | len(content)).to_bytes(size_bytes, "big")
    return kind.to_bytes((kind.bit_length() + 7) // 8, "big") + size + content


def webm(seconds: float = 12.4, *, doctype: bytes = b"webm", track_type: int = 1) -> bytes:
    """A WebM with tags that say where it was taken."""
    info = element(0x2AD7B1, (1_000_000).to_bytes(3, "big")) + element(
        0x4489, struct.pack(">d", seconds * 1000)
    )
    track = element(0xAE, element(0x83, bytes([track_type])))
    inside = (
        element(0x1549A966, info)
        + element(0x1654AE6B, track)
        + element(0x1254C367, SECRET_PLACE)
        + element(0x1254C367, SECRET_PLACE, size_bytes=8)
        + element(0x1F43B675, b"\0" * 300)
    )
    return element(0x1A45DFA3, element(0x4282, doctype)) + element(0x18538067, inside, size_bytes=8)
