"""Uploads: only pixels survive, in small files, and no file can take the machine down."""

import hashlib
import io
import multiprocessing
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from portal.core.pictures import (
    MAX_BYTES_AT_WIDTH,
    MAX_UPLOAD_BYTES,
    WIDTHS,
    PictureRefusal,
    PictureRefused,
    ProcessedPicture,
    process_upload,
)

GPS = 0x8825
ORIENTATION = 0x0112


def _photo(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """A picture with some detail: sky, ground, houses."""
    picture = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(40, 120, 60))
    for x in range(0, width, max(1, width // 12)):
        draw.rectangle((x, height // 2, x + width // 24, height * 3 // 4), fill=(200, x % 255, 40))
    return picture.convert(mode)


def _bytes(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def _open(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def _refusal(data: bytes) -> PictureRefusal | None:
    try:
        process_upload(data)
    except PictureRefused as refused:
        return refused.reason
    return None


def _noise(width: int, height: int) -> Image.Image:
    seed = hashlib.shake_256(b"noise").digest(width * height * 3)
    return Image.frombytes("RGB", (width, height), seed)


@pytest.fixture(scope="module")
def processed() -> ProcessedPicture:
    return process_upload(_bytes(_photo(), quality=92))


def test_six_variants_in_two_formats_and_three_widths(processed: ProcessedPicture) -> None:
    assert [(v.width, v.extension) for v in processed.variants] == [
        (360, "webp"), (360, "jpg"), (720, "webp"), (720, "jpg"), (1280, "webp"), (1280, "jpg"),
    ]  # fmt: skip
    assert (processed.width, processed.height) == (1280, 960)
    for variant in processed.variants:
        picture = _open(variant.content)
        assert picture.format == {"webp": "WEBP", "jpg": "JPEG"}[variant.extension]
        assert (
            picture.size
            == (variant.pixel_width, variant.pixel_height)
            == (variant.width, variant.width * 3 // 4)
        )
        assert len(variant.content) <= MAX_BYTES_AT_WIDTH[variant.width]
    assert processed.sha256 == hashlib.sha256(processed.variant(1280, "jpg").content).hexdigest()
    with pytest.raises(KeyError):
        processed.variant(1281, "jpg")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "SECRET-DESCRIPTION"
    exif[0x013B] = "SECRET-ARTIST"
    exif.get_ifd(GPS).update({1: "N", 2: (50.0, 1.0, 2.0), 29: "SECRET-GPSDATE"})
    options: dict[str, object] = {"exif": exif}
    if form == "JPEG":
        options |= {"comment": b"SECRET-COMMENT", "icc_profile": b"SECRET-ICC" + b"\0" * 200}
    if form == "WEBP":
        options |= {"xmp": b"SECRET-XMP"}
    if form == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("Comment", "SECRET-TEXT")
        options |= {"pnginfo": info}
    data = (
        _bytes(_photo(900, 600), form, **options) + b"<script>SECRET-TAIL</script><?php SECRET ?>PK\x03\x04"
    )
    assert b"SECRET" in data
    for variant in process_upload(data).variants:
        assert b"SECRET" not in variant.content
        assert b"Exif" not in variant.content
        assert b"<script" not in variant.content
        assert b"PK\x03\x04" not in variant.content
        picture = _open(variant.content)
        assert not picture.getexif()
        assert not {"comment", "exif", "xmp", "icc_profile"} & set(picture.info)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright(orientation: int) -> None:
    upright = Image.new("RGB", (400, 240), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 150, 90), fill="red")
    # How the camera would have stored it: the inverse of what the tag tells the viewer to do.
    stored_by: dict[int, Callable[[Image.Image], Image.Image]] = {
        1: lambda p: p,
        2: lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: lambda p: p.transpose(Image.Transpose.ROTATE_180),
        4: lambda p: p.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: lambda p: p.transpose(Image.Transpose.TRANSPOSE),
        6: lambda p: p.transpose(Image.Transpose.ROTATE_90),
        7: lambda p: p.transpose(Image.Transpose.TRANSVERSE),
        8: lambda p: p.transpose(Image.Transpose.ROTATE_270),
    }
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    shown = _open(
        process_upload(_bytes(stored_by[orientation](upright), exif=exif, quality=95)).variants[-1].content
    )
    assert shown.size == (400, 240)
    assert shown.getpixel((30, 30))[0] > 200 > 60 > shown.getpixel((30, 30))[1]
    for corner in [(380, 20), (20, 220), (380, 220)]:
        assert min(shown.getpixel(corner)) > 200


def test_turned_large_photo_fits_the_width_after_turning() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture = process_upload(_bytes(_photo(3000, 2000), exif=exif))
    assert (picture.width, picture.height) == (1280, 1920)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 900), (200, 100), (500, 400), (1279, 10)])
def test_small_pictures_are_never_enlarged(width: int, height: int) -> None:
    picture = process_upload(_bytes(_photo(width, height), "PNG"))
    assert len(picture.variants) == 6
    for variant in picture.variants:
        assert variant.pixel_width <= min(width, variant.width)
        assert variant.pixel_height <= height


def test_very_tall_pictures_are_bounded() -> None:
    picture = process_upload(_bytes(_photo(300, 20_000), "PNG"))
    assert picture.height <= 3840


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_works(mode: str) -> None:
    if mode == "I;16":
        source = _photo(600, 300, "L").convert("I").point(lambda value: value * 256).convert("I;16")
    else:
        source = _photo(600, 300).convert(mode)
    result = _open(process_upload(_bytes(source, "PNG")).variants[-1].content)
    expected = _photo(600, 300, "L").convert("RGB") if mode in ("L", "LA", "I;16") else None
    if expected is not None:
        for point in [(30, 30), (300, 60), (580, 280)]:
            assert abs(result.getpixel(point)[0] - expected.getpixel(point)[0]) < 24


def test_cmyk_and_progressive_jpegs_work() -> None:
    picture = process_upload(_bytes(_photo(800, 600).convert("CMYK"), progressive=True))
    assert picture.width == 800


def test_transparent_parts_become_white() -> None:
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    assert min(_open(process_upload(_bytes(clear, "PNG")).variants[-1].content).getpixel((10, 10))) > 250
    palette = Image.new("P", (400, 300), 0)
    palette.putpalette([0, 0, 0, 255, 0, 0])
    content = _bytes(palette, "PNG", transparency=0)
    assert min(_open(process_upload(content).variants[-1].content).getpixel((10, 10))) > 250


def test_noise_fits_the_budget_too() -> None:
    picture = process_upload(_bytes(_noise(1100, 900), quality=80))
    for variant in picture.variants:
        assert len(variant.content) <= MAX_BYTES_AT_WIDTH[variant.width]
        assert abs(variant.pixel_width / variant.pixel_height - 1100 / 900) < 0.02


def test_color_is_the_most_frequent_one() -> None:
    picture = Image.new("RGB", (300, 200), (20, 90, 200))
    ImageDraw.Draw(picture).rectangle((0, 0, 80, 80), fill=(250, 240, 10))
    color = process_upload(_bytes(picture, "PNG")).color
    assert [abs(int(color[i : i + 2], 16) - part) < 12 for i, part in ((1, 20), (3, 90), (5, 200))] == [
        True
    ] * 3


def _zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", b"0" * 40_000_000)
    return buffer.getvalue()


REFUSED = {
    "empty": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg with xml head": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "gif": _bytes(_photo(20, 20), "GIF"),
    "gif with script": b"GIF89a<script>alert(1)</script>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "zip bomb": _zip_bomb(),
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "bmp": _bytes(_photo(20, 20), "BMP"),
    "tiff": _bytes(_photo(20, 20), "TIFF"),
    "ico": _bytes(_photo(32, 32), "ICO"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "avif": b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1miaf",
    "text": b"x" * 1000,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_other_files_are_refused_by_content(kind: str) -> None:
    assert _refusal(REFUSED[kind]) == PictureRefusal.NOT_A_PICTURE


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.05, 0.4, 0.9])
def test_truncated_files_are_refused(form: str, share: float) -> None:
    data = _bytes(_photo(600, 400), form)
    assert _refusal(data[: int(len(data) * share)]) in (PictureRefusal.BROKEN, PictureRefusal.NOT_A_PICTURE)


def test_damaged_files_are_refused_or_read_but_never_crash() -> None:
    for form in ("JPEG", "PNG", "WEBP"):
        data = bytearray(_bytes(_photo(200, 150), form))
        for position in range(12, len(data), max(1, len(data) // 60)):
            damaged = data.copy()
            damaged[position] ^= 0xFF
            assert _refusal(bytes(damaged)) in {None, *PictureRefusal}


def test_too_many_bytes_are_refused_unread() -> None:
    assert _refusal(_bytes(_photo(50, 50)) + b"\0" * MAX_UPLOAD_BYTES) == PictureRefusal.TOO_MANY_BYTES


def _png_bomb(width: int, height: int) -> bytes:
    """A valid, tiny PNG of one colour that unfolds to width x height pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    packer = zlib.compressobj(9)
    row = b"\0" + b"\x30" * (3 * width)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _peak_mb() -> float:
    """The most memory this process ever held. Not getrusage: that counts the parent's before exec too."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]


def _growth_mb(data: bytes, answers: "multiprocessing.Queue[tuple[float, str]]") -> None:
    """Runs in a process of its own: the peak of memory during one upload, against before."""
    process_upload(_bytes(Image.new("RGB", (8, 8)), "PNG"))
    before = _peak_mb()
    reason = _refusal(data)
    answers.put((_peak_mb() - before, str(reason)))


LARGE = {
    "png bomb 144 Mpx": (lambda: _png_bomb(12_000, 12_000), "too_many_pixels", 10),
    "png 25 Mpx": (lambda: _png_bomb(5_000, 5_000), "None", 150),
    "rgba png 25 Mpx": (lambda: _bytes(Image.new("RGBA", (5_000, 5_000), (9, 9, 9, 90)), "PNG"), "None", 150),
    "palette png 25 Mpx": (lambda: _bytes(Image.new("P", (5_000, 5_000)), "PNG"), "None", 150),
    "jpeg 25 Mpx": (lambda: _bytes(Image.new("RGB", (5_000, 5_000), "red")), "None", 150),
    "progressive jpeg 25 Mpx": (
        lambda: _bytes(Image.new("RGB", (5_000, 5_000), "red"), progressive=True), "None", 150,
    ),
    "webp 10 Mpx": (lambda: _bytes(Image.new("RGB", (4_000, 2_500), "red"), "WEBP"), "None", 150),
    "webp 25 Mpx": (lambda: _bytes(Image.new("RGB", (5_000, 5_000), "red"), "WEBP"), "too_many_pixels", 30),
    "jpeg 29 Mpx": (lambda: _bytes(Image.new("RGB", (5_400, 5_400), "red")), "too_many_pixels", 30),
}  # fmt: skip


@pytest.mark.parametrize("kind", LARGE)
def test_memory_stays_bounded(kind: str) -> None:
    make, reason, most_mb = LARGE[kind]
    data = make()
    assert len(data) < MAX_UPLOAD_BYTES
    # A fresh interpreter: the peak of this one may already be higher than what is measured.
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[tuple[float, str]] = context.Queue()
    process = context.Process(target=_growth_mb, args=(data, answers))
    process.start()
    growth, answer = answers.get(timeout=60)
    process.join()
    assert answer == reason
    assert growth < most_mb


def test_every_width_has_a_budget() -> None:
    assert set(MAX_BYTES_AT_WIDTH) == set(WIDTHS)
    assert MAX_BYTES_AT_WIDTH[720] == 60_000
