"""Pictures for the demo town: our own drawings out of simple shapes, made while the town is built."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 720
# Drawn larger than any width it is kept in: making it smaller softens the edges.
SCALE = 1.25
SKY, SUN, HILL, GRASS = "#cfe8ee", "#ffc83d", "#9fc9a8", "#7fb58a"
WOOD, BARK, LEAF, STONE = "#b5733c", "#6b4a2b", "#3f8f5f", "#b9b4a8"
WALL, ROOF, WATER, ROAD, WHITE, DARK = "#f3e3c3", "#c8553d", "#5aa9c9", "#6d7275", "#ffffff", "#17392f"

Draw = ImageDraw.ImageDraw
Scene = Callable[[Draw], None]
Point = tuple[float, float]


def draw(scene: Scene) -> bytes:
    """The scene as a JPEG, ready to be taken in like anybody's photo."""
    picture = Image.new("RGB", (int(WIDTH * SCALE), int(HEIGHT * SCALE)), SKY)
    pen = ImageDraw.Draw(picture)
    _ellipse(pen, (1040, 130), 74, 74, SUN)
    _ellipse(pen, (300, 640), 620, 230, HILL)
    _ellipse(pen, (1050, 660), 560, 210, HILL)
    _box(pen, (0, 520), (WIDTH, HEIGHT), GRASS)
    scene(pen)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return stream.getvalue()


def _box(pen: Draw, start: Point, end: Point, colour: str) -> None:
    pen.rectangle([start[0] * SCALE, start[1] * SCALE, end[0] * SCALE, end[1] * SCALE], fill=colour)


def _shape(pen: Draw, points: list[Point], colour: str) -> None:
    pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)


def _ellipse(pen: Draw, middle: Point, width: float, height: float, colour: str) -> None:
    x, y = middle
    box = [(x - width) * SCALE, (y - height) * SCALE, (x + width) * SCALE, (y + height) * SCALE]
    pen.ellipse(box, fill=colour)


def _tree(pen: Draw, x: float, ground: float, size: float = 1.0) -> None:
    _box(pen, (x - 14 * size, ground - 150 * size), (x + 14 * size, ground), BARK)
    for dx, dy, radius in ((0, -260, 100), (-75, -205, 78), (75, -205, 78), (0, -180, 86)):
        _ellipse(pen, (x + dx * size, ground + dy * size), radius * size, radius * size, LEAF)


def _house(pen: Draw, x: float, ground: float, width: float, height: float, wall: str = WALL) -> None:
    _box(pen, (x, ground - height), (x + width, ground), wall)
    top = ground - height
    _shape(pen, [(x - 18, top), (x + width / 2, top - width * 0.45), (x + width + 18, top)], ROOF)
    for number in range(2):
        left = x + width * (0.16 + 0.44 * number)
        _box(pen, (left, top + 34), (left + width * 0.24, top + 92), WATER)
    _box(pen, (x + width * 0.4, ground - 88), (x + width * 0.6, ground), BARK)


def _bench(pen: Draw, x: float, ground: float, width: float = 300) -> None:
    for height in (96, 70):
        _box(pen, (x, ground - height), (x + width, ground - height + 16), WOOD)
    _box(pen, (x - 12, ground - 46), (x + width + 12, ground - 26), WOOD)
    for left in (x + 20, x + width - 34):
        _box(pen, (left, ground - 100), (left + 14, ground), DARK)


def _person(pen: Draw, x: float, ground: float, colour: str, size: float = 1.0) -> None:
    _ellipse(pen, (x, ground - 150 * size), 26 * size, 26 * size, "#a9714b")
    _shape(
        pen,
        [(x - 36 * size, ground), (x - 24 * size, ground - 120 * size), (x + 24 * size, ground - 120 * size),
         (x + 36 * size, ground)],
        colour,
    )  # fmt: skip


def bench(pen: Draw) -> None:
    """A bench under a lime tree, with a house behind it."""
    _house(pen, 120, 540, 260, 190)
    _tree(pen, 900, 600, 1.35)
    _bench(pen, 520, 620)


def market(pen: Draw) -> None:
    """A square with trees in tubs and a sail between two masts."""
    _box(pen, (0, 540), (WIDTH, HEIGHT), STONE)
    for x, wall in ((40, WALL), (330, "#dfe7d6"), (930, "#f0d5c4")):
        _house(pen, x, 540, 250, 220, wall)
    for x in (250, 640, 1040):
        _tree(pen, x, 610, 0.75)
        _box(pen, (x - 55, 600), (x + 55, 660), WOOD)
    _shape(pen, [(420, 330), (860, 300), (780, 420)], WHITE)
    for x in (420, 860):
        _box(pen, (x - 6, 300), (x + 6, 650), DARK)


def crossing(pen: Draw) -> None:
    """A zebra crossing before a school."""
    _house(pen, 420, 480, 430, 230)
    _box(pen, (0, 520), (WIDTH, HEIGHT), ROAD)
    for number in range(7):
        left = 470 + number * 54
        _shape(pen, [(left, 520), (left + 30, 520), (left + 46, HEIGHT), (left + 4, HEIGHT)], WHITE)
    _person(pen, 330, 560, "#2d6cdf", 0.9)
    _person(pen, 270, 570, ROOF, 0.65)


def workshop(pen: Draw) -> None:
    """A long table with people who repair a lamp and a bicycle."""
    _box(pen, (0, 0), (WIDTH, 520), WALL)
    _box(pen, (0, 520), (WIDTH, HEIGHT), WOOD)
    _box(pen, (420, 90), (860, 330), WATER)
    for x, colour in ((300, "#2d6cdf"), (560, LEAF), (800, ROOF), (1010, SUN)):
        _person(pen, x, 540, colour, 1.5)
    _box(pen, (150, 470), (1140, 510), BARK)
    for x in (200, 1060):
        _box(pen, (x, 510), (x + 26, 690), BARK)
    _shape(pen, [(420, 470), (450, 400), (490, 400), (520, 470)], SUN)
    for x in (660, 780):
        _ellipse(pen, (x, 430), 42, 42, DARK)
        _ellipse(pen, (x, 430), 30, 30, WALL)


def garden(pen: Draw) -> None:
    """Raised beds beside a railway bank, with a watering can."""
    _box(pen, (0, 420), (WIDTH, 450), STONE)
    for x in range(0, WIDTH, 80):
        _box(pen, (x, 450), (x + 40, 470), BARK)
    for x in (120, 520, 900):
        _box(pen, (x, 600), (x + 290, 690), WOOD)
        for number in range(5):
            _ellipse(pen, (x + 40 + number * 54, 585), 30, 36, LEAF)
            _ellipse(pen, (x + 40 + number * 54, 572), 9, 9, ROOF if number % 2 else SUN)
    _person(pen, 470, 640, "#2d6cdf", 1.1)


def playground(pen: Draw) -> None:
    """A slide and a swing below a sail that gives shade."""
    _ellipse(pen, (640, 640), 520, 70, "#ead9a8")
    _shape(pen, [(300, 250), (900, 190), (1000, 320), (420, 360)], "#e9964a")
    for x in (300, 1000):
        _box(pen, (x - 8, 250), (x + 8, 640), DARK)
    _shape(pen, [(480, 430), (520, 430), (720, 640), (660, 640)], ROOF)
    _box(pen, (440, 430), (500, 640), WOOD)
    _box(pen, (800, 420), (980, 432), DARK)
    for x in (860, 920):
        _box(pen, (x, 430), (x + 5, 570), DARK)
    _box(pen, (845, 568), (940, 582), WOOD)


def path(pen: Draw) -> None:
    """A way along the river with lamps in the evening."""
    _box(pen, (0, 0), (WIDTH, 470), "#31506b")
    _ellipse(pen, (1040, 130), 60, 60, "#f3efdc")
    _box(pen, (0, 450), (WIDTH, 560), "#2c6a86")
    _box(pen, (0, 540), (WIDTH, HEIGHT), "#47705a")
    _shape(pen, [(420, HEIGHT), (640, 545), (700, 545), (980, HEIGHT)], STONE)
    for x, size in ((330, 1.3), (520, 0.9), (930, 1.1)):
        _box(pen, (x - 6, 640 - 300 * size), (x + 6, 660), DARK)
        _ellipse(pen, (x, 640 - 300 * size), 66 * size, 66 * size, "#8f8f5f")
        _ellipse(pen, (x, 640 - 300 * size), 26 * size, 26 * size, SUN)


def ramp(pen: Draw) -> None:
    """A library with a ramp beside its steps."""
    _house(pen, 380, 560, 560, 300)
    _shape(pen, [(940, 560), (1200, 640), (1200, 660), (660, 660), (660, 560)], STONE)
    for number in range(4):
        _box(pen, (520 - number * 18, 560 + number * 24), (800, 584 + number * 24), WHITE)
    _box(pen, (940, 470), (952, 560), DARK)
    _shape(pen, [(940, 470), (1200, 550), (1200, 562), (940, 482)], DARK)
    _ellipse(pen, (1090, 590), 36, 36, DARK)
    _ellipse(pen, (1090, 590), 26, 26, STONE)
    _person(pen, 1095, 585, "#2d6cdf", 0.8)


def meadow(pen: Draw) -> None:
    """A meadow in flower."""
    for number in range(90):
        x, y = (number * 137) % WIDTH, 540 + (number * 61) % 170
        _box(pen, (x - 2, y - 46), (x + 2, y), DARK)
        _ellipse(pen, (x, y - 50), 12, 12, (ROOF, SUN, WHITE, "#8d6cc9")[number % 4])
    _tree(pen, 1080, 560, 0.9)


# Which proposal has which drawing, and what can be seen on it.
PICTURES: dict[str, tuple[Scene, str]] = {
    "bank-kita-sonnenweg": (bench, "Zeichnung: eine Holzbank mit Lehne unter einer großen Linde"),
    "mehr-schatten-marktplatz": (
        market,
        "Zeichnung: Marktplatz mit Bäumen in Kübeln und Sonnensegel",
    ),
    "zebrastreifen-lindenstrasse": (
        crossing,
        "Zeichnung: ein Zebrastreifen vor der Schule",
    ),
    "reparatur-cafe-muehle": (workshop, "Zeichnung: vier Menschen an einem langen Tisch reparieren Dinge"),
    "gemeinschaftsgarten-bahndamm": (garden, "Zeichnung: Hochbeete mit Blumen am Bahndamm"),
    "cocuk-parki-golgelik": (
        playground,
        "Çizim: oyun parkının üstünde gölgelik",
    ),
    "licht-auf-dem-auweg": (path, "Zeichnung: der Auweg am Abend, drei Lampen leuchten am Fluss"),
    "rampe-buecherei": (ramp, "Zeichnung: eine Rampe neben den Stufen der Bücherei"),
    "blumenwiese-statt-rasen": (meadow, "Zeichnung: eine bunte Blumenwiese mit einem Baum"),
}
