"""Uploaded photos made small and harmless: three widths, WebP and JPEG, nothing but the pixels kept.

A picture is decoded once and its pixels are pasted into a new image, so that nothing else of the file
survives: no EXIF with the place of somebody's home, no comment, no trailing script or archive.
Measured: a PNG of 17.6 kB can unfold to 705 MB; hence the check of the header before anything is decoded.
"""

import hashlib
import io
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.core.errors import DomainError
from portal.core.i18n import lazy_gettext

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
# The WebP decoder holds the canvas several times over, so it gets fewer pixels.
MAX_PIXELS_WEBP = 10_000_000
WIDTHS = (360, 720, 1280)
# A page with photos stays within its budget on a slow line: most bytes per width.
MAX_BYTES_AT_WIDTH = {360: 25_000, 720: 60_000, 1280: 180_000}
QUALITIES = (68, 54, 40, 24)
FORMATS = ("JPEG", "PNG", "WEBP")
# Taller than that is a scroll of screenshots; WebP ends at 16,383 pixels anyway.
MAX_HEIGHT_TO_WIDTH = 3
_ORIENTATION_TAG = 0x0112
_STRIP_ROWS = 256

# Our own, stricter limit is checked on the header; Pillow's would only warn up to twice its value.
Image.MAX_IMAGE_PIXELS = None

# One picture at a time: the memory that decoding takes is bounded however many upload at once.
_one_at_a_time = threading.Lock()


class PictureRefusal(StrEnum):
    """Why an upload is not taken."""

    TOO_MANY_BYTES = "too_many_bytes"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_A_PICTURE = "not_a_picture"
    BROKEN = "broken"


_MESSAGES = {
    PictureRefusal.TOO_MANY_BYTES: lazy_gettext("This file is too large. A picture can have up to 5 MB."),
    PictureRefusal.TOO_MANY_PIXELS: lazy_gettext("This picture is too large. Please choose a smaller one."),
    PictureRefusal.NOT_A_PICTURE: lazy_gettext("Please choose a photo: JPEG, PNG or WebP."),
    PictureRefusal.BROKEN: lazy_gettext("We cannot read this picture. The file may be damaged."),
}


class PictureRefused(DomainError):
    """An upload that is not taken; `reason` is the code, the message says it to the person."""

    field = "picture"

    def __init__(self, reason: PictureRefusal, *, field: str | None = None) -> None:
        super().__init__(_MESSAGES[reason], field=field)
        self.reason = reason


@dataclass(frozen=True)
class Variant:
    """One file to serve. `width` names it (360, 720, 1280); the pixels may be fewer, never more than the
    original had.
    """

    width: int
    extension: str
    pixel_width: int
    pixel_height: int
    content: bytes


@dataclass(frozen=True)
class ProcessedPicture:
    """A photo ready to be stored: six variants, the size of the largest, its colour and its hash.

    `color` is `#rrggbb`, the most frequent colour, to fill the space until the photo is there.
    `sha256` is of the largest JPEG, not of the upload: equal pictures get equal hashes, and nobody can
    match it with the file on a person's phone.
    """

    width: int
    height: int
    color: str
    sha256: str
    variants: tuple[Variant, ...]

    def variant(self, width: int, extension: str) -> Variant:
        """The variant of this width and extension (`webp` or `jpg`); KeyError when there is none."""
        for variant in self.variants:
            if (variant.width, variant.extension) == (width, extension):
                return variant
        raise KeyError((width, extension))


_made_before: ContextVar[Mapping[bytes, ProcessedPicture | PictureRefused] | None] = ContextVar(
    "made_before", default=None
)


@contextmanager
def made_before(uploads: Iterable[bytes]) -> Iterator[None]:
    """Work on these uploads now; inside the block `process_upload` of the same bytes has its answer at once.

    For work that must not keep others waiting: a photo takes a second, and with SQLite one person writes at a
    time.
    """
    token = _made_before.set({_key(data): _answer(data) for data in uploads})
    try:
        yield
    finally:
        _made_before.reset(token)


def _key(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _answer(data: bytes) -> ProcessedPicture | PictureRefused:
    try:
        return process_upload(data)
    except PictureRefused as refused:
        return refused


def process_upload(data: bytes) -> ProcessedPicture:
    """The photo in three widths as WebP and JPEG, upright, without any data but its pixels.

    Judges by content, never by name. Raises PictureRefused for more than 5 MB or 25 megapixels (10 for
    WebP), for anything but JPEG, PNG and WebP, and for damaged files. Never enlarges; transparent parts
    become white; of animations the first frame is kept. Takes up to 130 MB for a moment, one at a time.
    """
    if len(data) > MAX_UPLOAD_BYTES:
        raise PictureRefused(PictureRefusal.TOO_MANY_BYTES)
    if known := _made_before.get():
        answer = known.get(_key(data))
        if isinstance(answer, PictureRefused):
            raise answer
        if answer:
            return answer
    with _one_at_a_time:
        pixels = _upright_pixels(data)
        variants = tuple(_variants(pixels))
    largest = variants[-1]
    return ProcessedPicture(
        width=largest.pixel_width,
        height=largest.pixel_height,
        color=_dominant_color(pixels),
        sha256=hashlib.sha256(largest.content).hexdigest(),
        variants=variants,
    )


def _upright_pixels(data: bytes) -> Image.Image:
    """The picture in RGB, not much larger than the largest width, turned as the camera was held."""
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as source:
            _check_header(source)
            orientation = source.getexif().get(_ORIENTATION_TAG, 1)
            target = _target_size(source.size, turned=orientation in (5, 6, 7, 8))
            if source.format == "JPEG":
                # Lets the decoder skip detail nobody will see: less memory, a quarter of the time.
                source.draft("RGB", target)
            small = _shrunk(source, target)
    except PictureRefused:
        raise
    except UnidentifiedImageError:
        raise PictureRefused(PictureRefusal.NOT_A_PICTURE) from None
    except Exception as error:  # the decoders raise what they like on damaged files: struct.error, EOFError …
        raise PictureRefused(PictureRefusal.BROKEN) from error
    return _turned(small, orientation)


def _check_header(source: Image.Image) -> None:
    """Refuse by the header alone, before a single pixel is decoded."""
    pixels = source.width * source.height
    if pixels > (MAX_PIXELS_WEBP if source.format == "WEBP" else MAX_PIXELS):
        raise PictureRefused(PictureRefusal.TOO_MANY_PIXELS)
    if pixels == 0:
        raise PictureRefused(PictureRefusal.BROKEN)


def _target_size(size: tuple[int, int], *, turned: bool) -> tuple[int, int]:
    """The size before turning at which the picture fits the largest width; never above the original."""
    width, height = (size[1], size[0]) if turned else size
    box = (max(WIDTHS), max(WIDTHS) * MAX_HEIGHT_TO_WIDTH)
    fitted = _fitted((width, height), box)
    return (fitted[1], fitted[0]) if turned else fitted


def _fitted(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The size scaled down, if need be, to lie within the box; at least one pixel each way."""
    factor = min(1.0, box[0] / size[0], box[1] / size[1])
    return max(1, round(size[0] * factor)), max(1, round(size[1] * factor))


def _shrunk(source: Image.Image, target: tuple[int, int]) -> Image.Image:
    """The picture's pixels in a new RGB image of the target size, transparent parts on white.

    Works in strips: converting a whole picture would hold it in memory two or three times.
    """
    source.load()
    divisor = max(1, min(source.width // target[0], source.height // target[1]))
    rows = max(1, _STRIP_ROWS // divisor) * divisor
    coarse = Image.new("RGB", (-(-source.width // divisor), -(-source.height // divisor)))
    for top in range(0, source.height, rows):
        strip = _on_white(source.crop((0, top, source.width, min(top + rows, source.height))))
        coarse.paste(strip.reduce(divisor) if divisor > 1 else strip, (0, top // divisor))
    return coarse.resize(target, Image.Resampling.LANCZOS) if coarse.size != target else coarse


def _on_white(strip: Image.Image) -> Image.Image:
    """The strip in RGB; what is transparent in it shows white."""
    if strip.mode in ("I;16", "I;16B", "I;16L", "I"):
        strip = strip.point(lambda value: value / 256).convert("L")
    if strip.has_transparency_data:
        layer = strip.convert("RGBA")
        ground = Image.new("RGB", strip.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return strip.convert("RGB")


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
    """The picture upright, by the camera's EXIF orientation (1 to 8), and with no other information."""
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    if orientation in range(2, 9):
        clean.getexif()[_ORIENTATION_TAG] = orientation
        clean = ImageOps.exif_transpose(clean)
        clean.info.clear()
    return clean


def _variants(pixels: Image.Image) -> list[Variant]:
    """WebP and JPEG for each width; where the picture is smaller, the width repeats the smaller file."""
    variants: list[Variant] = []
    previous: dict[str, Variant] = {}
    for width in WIDTHS:
        size = _fitted(pixels.size, (width, width * MAX_HEIGHT_TO_WIDTH))
        for extension, encoder in (("webp", "WEBP"), ("jpg", "JPEG")):
            before = previous.get(extension)
            if before is not None and pixels.width <= before.width and before.pixel_width == size[0]:
                variant = Variant(width, extension, before.pixel_width, before.pixel_height, before.content)
            else:
                variant = _encoded(pixels, size, width, extension, encoder)
            previous[extension] = variant
            variants.append(variant)
    return variants


def _encoded(pixels: Image.Image, size: tuple[int, int], width: int, extension: str, encoder: str) -> Variant:
    """One file within its budget of bytes: lower quality first, then (noise, confetti) fewer pixels."""
    budget = MAX_BYTES_AT_WIDTH[width]
    while True:
        picture = pixels if size == pixels.size else pixels.resize(size, Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            content = _file(picture, encoder, quality)
            if len(content) <= budget:
                return Variant(width, extension, *size, content)
            if len(content) > 5 * budget:
                break
        # Bytes go with the area, so the root of the excess is the factor for each side.
        factor = min(0.85, (budget / len(content)) ** 0.5)
        size = _fitted(size, (max(1, int(size[0] * factor)), max(1, int(size[1] * factor))))


def _file(picture: Image.Image, encoder: str, quality: int) -> bytes:
    buffer = io.BytesIO()
    if encoder == "WEBP":
        picture.save(buffer, "WEBP", quality=quality, method=4)
    else:
        picture.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
    return buffer.getvalue()


def _dominant_color(pixels: Image.Image) -> str:
    """The most frequent of eight colours the picture can be painted with, as `#rrggbb`."""
    few = pixels.resize((48, 48), Image.Resampling.BOX).quantize(colors=8)
    counts = few.getcolors() or [(1, 0)]
    palette = few.getpalette() or [128, 128, 128]
    index = max(counts)[1]
    assert isinstance(index, int)
    red, green, blue = palette[3 * index : 3 * index + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
