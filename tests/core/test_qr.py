"""QR codes: the picture holds the text, needs no style of its own and has a name."""

import io
import re
import xml.etree.ElementTree as ET

import pytest
import segno

from portal.core.qr import qr_svg


def _matrix_of(svg: str) -> list[list[int]]:
    """The fields drawn by the path, read back from the SVG."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])  # type: ignore[index]
    fields = [[0] * (size - 8) for _ in range(size - 8)]
    for column, row, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        for step in range(int(length)):
            fields[int(row) - 4][int(column) - 4 + step] = 1
    return fields


@pytest.mark.parametrize("text", ["https://stadt.example/de/proposals/k7m2", "ÄÖÜ فاطمة", "1"])
def test_fields_are_those_of_the_code(text: str) -> None:
    expected = [list(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    assert _matrix_of(qr_svg(text)) == expected


def test_svg_is_well_formed_without_styles_sizes_and_scripts() -> None:
    svg = qr_svg("https://stadt.example/de/proposals/k7m2", 'Code für "Bank" & <Baum>')
    root = ET.parse(io.StringIO(svg)).getroot()
    assert root.tag.endswith("svg")
    assert set(root.attrib) == {"class", "viewBox", "role", "aria-label", "shape-rendering"}
    assert root.attrib["aria-label"] == 'Code für "Bank" & <Baum>'
    assert root[0].text == 'Code für "Bank" & <Baum>'
    assert "style" not in svg
    assert len(svg) < 8000


def test_without_a_title_it_is_decoration() -> None:
    assert 'aria-hidden="true"' in qr_svg("x")
    assert "<title>" not in qr_svg("x")


@pytest.mark.parametrize("text", ["", "x" * 501])
def test_too_little_and_too_much_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        qr_svg(text)
