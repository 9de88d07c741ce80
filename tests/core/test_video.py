"""Videos: judged by what is inside, cleaned of places, and never longer or shorter for it."""

from __future__ import annotations

import io

import pytest

from portal.core.video import NotAVideo, clean_video
from tests.support.videos import SECRET_PLACE, box, element, mp4, webm


def cleaned(data: bytes) -> tuple[str, int | None, bytes]:
    file = io.BytesIO(data)
    facts = clean_video(file)
    return facts.extension, facts.seconds, file.getvalue()


@pytest.mark.parametrize(("data", "extension", "seconds"), [(mp4(75), "mp4", 75), (webm(12.4), "webm", 12)])
def test_kind_and_length_are_read_and_places_are_gone(data: bytes, extension: str, seconds: int) -> None:
    assert SECRET_PLACE in data
    found, length, after = cleaned(data)
    assert (found, length) == (extension, seconds)
    assert SECRET_PLACE not in after
    assert b"SECRET" not in after
    assert len(after) == len(data)
    assert cleaned(after) == (extension, seconds, after)  # cleaning again changes nothing


def test_what_is_played_stays_byte_for_byte() -> None:
    film = bytes(range(256)) * 40
    assert film in cleaned(mp4(data=film))[2]


def test_a_length_nobody_knows_is_no_length() -> None:
    assert cleaned(mp4(0))[1] is None
    assert cleaned(webm(0))[1] is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 40,
        b"<html><script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
        mp4(brand=b"qt  "),
        mp4(tracks=(b"soun",)),
        mp4(tracks=(b"vide", b"meta")),
        mp4()[:60],
        mp4() + b"\0\0\0\4moov",
        box(b"ftyp", b"isom") + box(b"mdat", b"x"),
        box(b"ftyp", b"isom") + b"\xff\xff\xff\xffmoov" + b"\0" * 20,
        box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\xff" * 8,
        webm(doctype=b"matroska"),
        webm(track_type=2),
        webm()[:40],
        b"\x1a\x45\xdf\xa3" + b"\0" * 30,
        element(0x1A45DFA3, element(0x4282, b"webm")),
        b"\x1a\x45\xdf\xa3\xff" + b"\xff" * 50,
    ],
)
def test_everything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAVideo):
        clean_video(io.BytesIO(data))


def test_no_cut_of_a_good_file_does_more_than_be_refused() -> None:
    for whole in (mp4(), webm()):
        for end in range(0, len(whole), 7):
            try:
                clean_video(io.BytesIO(whole[:end]))
            except NotAVideo:
                continue
