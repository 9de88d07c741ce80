"""The rules of the house that no linter knows: sizes, one place for commits, words for every public thing.

docs/architecture.md says why. A finding names file and line.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PORTAL = ROOT / "portal"
TESTS = ROOT / "tests"
GROUND = {"core", "web"}
# What is no family of nouns, but joins them.
WIRING = {"cli", "demo", "importing", "_data"}
# The engine of the votes: no tables, no pages, file names of its own (docs/adr/0011).
ENGINE = {"voting"}
DOMAIN = {"models", "errors", "events", "permissions", "queries", "operations", "settings"}

FILE_LINES = 400
FUNCTION_LINES = 40
# Tests tell a story from its beginning to its end; builders name every column.
TEST_FUNCTION_LINES = 50
VIEW_LINES = 12
TEMPLATE_LINES = 120
# The only places that end a unit of work.
MAY_COMMIT = {"portal/core/db.py", "portal/core/jobs.py", "portal/core/migrate.py", "portal/web/requests.py"}
# What templates put out without escaping, and why that is safe.
TRUSTED = {
    ("templates/layouts/base.html", "core_css"),  # our own file
    ("templates/layouts/print.html", "core_css"),
    ("templates/macros/qr.html", "svg"),  # drawn by segno from an address
    ("templates/macros/usertext.html", "html"),  # cleaned by render_markdown when it was written
}
PHYSICAL = re.compile(
    r"(?:^|[;{\s])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)",
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files(folder: Path = PORTAL) -> list[Path]:
    """Every module, without what a wheel build may have left."""
    return sorted(path for path in folder.rglob("*.py") if "_data" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """A module as a tree."""
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module, inner ones and methods too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def length(function: Function) -> int:
    """Lines of a function's body, without its docstring."""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def name_of(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()


def packages() -> set[str]:
    """The feature packages, as they lie on disk."""
    folders = {path.parent.name for path in PORTAL.glob("*/__init__.py")}
    return folders - GROUND - WIRING - ENGINE


def is_part(path: Path, part: str) -> bool:
    """Whether a module is, or lies in the folder of, a package's `views`, `queries` and so on."""
    inside = path.relative_to(PORTAL).with_suffix("").parts
    return len(inside) > 1 and inside[0] in packages() and inside[1] == part


def too_long(paths: list[Path], most: int) -> list[str]:
    """Files with more lines than that, and how many they have."""
    counted = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return [f"{name}: {lines}" for name, lines in counted.items() if lines > most]


def test_files_stay_readable() -> None:
    assert too_long(python_files() + python_files(TESTS), FILE_LINES) == []


@pytest.mark.parametrize(("folder", "most"), [(PORTAL, FUNCTION_LINES), (TESTS, TEST_FUNCTION_LINES)])
def test_functions_stay_readable(folder: Path, most: int) -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}: {length(function)}"
        for path in python_files(folder)
        for function in functions(path)
        if length(function) > most
    ]
    assert long == []


def test_views_only_lead_through() -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}: {length(function)}"
        for path in python_files()
        if is_part(path, "views")
        for function in functions(path)
        if function.decorator_list and length(function) > VIEW_LINES
    ]
    assert long == []


def test_templates_stay_readable() -> None:
    files = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    assert too_long(files, TEMPLATE_LINES) == []


def test_views_hold_no_queries_and_do_not_know_htmx() -> None:
    words = re.compile(r"\bsession\.(?:execute|scalar|get|add|query)|HX-|is_fragment_request")
    assert grep(words, [path for path in python_files() if is_part(path, "views")]) == []


def test_only_one_place_ends_a_unit_of_work() -> None:
    paths = [path for path in python_files() if name_of(path) not in MAY_COMMIT]
    assert grep(re.compile(r"\bsession\.(?:commit|rollback)\("), paths) == []


def test_the_time_comes_from_the_clock() -> None:
    paths = [path for path in python_files() if name_of(path) != "portal/core/clock.py"]
    assert grep(re.compile(r"\bdatetime\.(?:now|utcnow|today)\(|\bdate\.today\("), paths) == []


def test_templates_trust_only_what_was_cleaned_before() -> None:
    words = re.compile(r"\{\{\s*([^{}]*?)\s*\|\s*(?:safe|safe_html)\b|autoescape\s+false")
    trusted = {
        (name_of(path), match.group(1))
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file()
        for match in words.finditer(path.read_text(encoding="utf-8"))
    }
    assert trusted <= TRUSTED


def test_styles_know_no_left_and_right() -> None:
    paths = [path for path in sorted((ROOT / "static").rglob("*.css")) if "vendor" not in path.parts]
    assert grep(PHYSICAL, paths) == []


def test_numbers_are_typed_into_text_fields() -> None:
    """Number inputs lose Arabic digits and everything a browser does not understand (web/forms.py)."""
    paths = [path for path in python_files() if name_of(path) != "portal/web/forms.py"]
    paths += [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    paths += [path for path in (ROOT / "static" / "js").rglob("*.js") if "vendor" not in path.parts]
    words = re.compile(
        r"\b(?:Integer|Decimal|Float|IntegerRange|DecimalRange)Field\b|\b(?:Number|Range)(?:Input|Range)\b"
        r"|\btype\W{1,4}(?:number|range)\b"
    )
    assert grep(words, paths) == []


def test_asking_for_headers_does_what_reading_does() -> None:
    """HEAD is no GET to `request.method`: whoever asks for the headers of a page would press its button."""
    assert grep(re.compile(r'request\.method [=!]= "GET"'), list(python_files())) == []


def grep(words: re.Pattern[str], paths: list[Path]) -> list[str]:
    """Lines in which the words stand, comments left out."""
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if words.search(line) and not line.lstrip().startswith("#"):
                found.append(f"{name_of(path)}:{number}: {line.strip()}")
    return found


def test_every_module_says_what_it_is() -> None:
    assert [name_of(path) for path in python_files() if not ast.get_docstring(tree(path))] == []


def test_every_public_domain_function_says_what_it_does() -> None:
    silent = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in python_files()
        if any(is_part(path, part) for part in DOMAIN)
        or any(path.is_relative_to(PORTAL / name) for name in {"core"} | ENGINE)
        for node in tree(path).body
        if isinstance(node, Function | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_the_engine_imports_nothing_but_the_standard_library() -> None:
    allowed = set(sys.stdlib_module_names)
    foreign = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files(PORTAL / "voting")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if name.split(".")[0] not in allowed
        and name != "portal.voting"
        and not name.startswith("portal.voting.")
    ]
    assert foreign == []


def test_imports_stand_at_the_top() -> None:
    inline = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inline == []


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, object]]:
    """The import contracts of pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        found: list[dict[str, object]] = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    return found


def test_no_package_escapes_the_contract_about_its_files(contracts: list[dict[str, object]]) -> None:
    (listed,) = [set(one["containers"]) for one in contracts if "Inside a package" in str(one["name"])]  # type: ignore[call-overload]
    assert listed == {f"portal.{name}" for name in packages()}


def test_the_picture_of_the_floors_names_every_package() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert [name for name in sorted(packages() | GROUND | ENGINE) if name not in picture] == []
