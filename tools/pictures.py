"""Makes the pictures of the documents from the running demo town: `make pictures`.

Needs Chromium and a portal that answers, by default http://127.0.0.1:8000 (`make run` in another terminal).
"""

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import OPTIONS, chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "img"
DESKTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 860}
GAP = 24


def shot(browser: Browser, url: str, viewport: dict[str, int]) -> Image.Image:
    """One page as it fills the window."""
    page = browser.new_page(viewport=viewport, color_scheme="light", reduced_motion="reduce")  # type: ignore[arg-type]
    page.goto(url)
    picture = Image.open(io.BytesIO(page.screenshot()))
    page.close()
    return picture.convert("RGB")


def beside(pictures: list[Image.Image]) -> Image.Image:
    """Pictures of equal height in a row."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    row = Image.new("RGB", (width, pictures[0].height), "white")
    at = 0
    for picture in pictures:
        row.paste(picture, (at, 0))
        at += picture.width + GAP
    return row


def main(address: str) -> int:
    """The home page in German on a desktop, and in Arabic on a phone."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        views = [shot(browser, f"{address}/de/", DESKTOP), shot(browser, f"{address}/ar/", PHONE)]
        browser.close()
    FOLDER.mkdir(parents=True, exist_ok=True)
    # A palette makes the file a third as large, and nobody sees it.
    beside(views).quantize(256).save(FOLDER / "home.png", optimize=True)
    print(f"docs/img/home.png, {(FOLDER / 'home.png').stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"))
