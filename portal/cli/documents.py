"""`portal docs`: the lists in docs/ that are made from the code, so that they cannot be wrong."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
from flask import Flask

from portal.admin.queries.data_kept import CLASS_WORDS, data_kept, gaps
from portal.app import FEATURES
from portal.cli.root import main, open_app
from portal.core.audit import schemas
from portal.core.events import subscribers_of
from portal.core.i18n import use_language
from portal.core.permissions import all_permissions
from portal.core.places_on_disk import data_root
from portal.core.settings import Settings
from portal.core.site_settings import declarations
from portal.web.access import route_access

MADE = "This list is made by `portal docs`. Please do not change it by hand.\n"
# What a variable is for; its type and default stand in portal/core/settings.py.
ENVIRONMENT = {
    "host": "address the server listens on",
    "port": "port the server listens on",
    "instance": "folder of database, keys, uploads and mails",
    "database_url": "SQLite in the instance folder, or postgresql://",
    "valkey_url": "counts limits and drops kept pages for all processes together",
    "mail_url": "smtp:// or smtps://; empty: mails become files",
    "mail_sender": "address in From",
    "secret_key": "signs cookies; made and kept when empty, required in production",
    "secret_key_fallbacks": "earlier keys that still open cookies",
    "base_url": "the address people use",
    "production": "refuse to start when something is unsafe",
    "debug": "read templates anew; never in production",
    "trusted_hosts": "names the portal answers to",
    "proxy_hops": "proxies in front whose headers are believed",
    "time_zone": "the town's clock",
    "threads": "requests at the same time in one process",
    "processes": "server processes that share the database",
    "worker": "do background work inside the web process",
    "sqlite_synchronous": "NORMAL, or FULL against power cuts",
    "log_level": "how much is logged",
    "log_json": "log lines as JSON",
    "oidc_issuer": "address of the town's sign-in (OpenID Connect); off without it",
    "oidc_client_id": "how the town's sign-in calls the portal",
    "oidc_client_secret": "the secret for it, if it wants one",
    "oidc_name": "how people know the town's sign-in",
    "oidc_district_claim": "the claim that names the person's district, if there is one",
}


def table(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [" | ".join(header)]
    lines.append(" | ".join("---" for _ in lines[0].split(" | ")))
    lines += [" | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def _default(name: str) -> str:
    spec = next(one for one in fields(Settings) if one.name == name)
    value = spec.default
    return "" if value is MISSING or value in ("", ()) else f"`{value}`"


def settings_document(app: Flask) -> str:
    """Variables of the environment, and settings in the browser."""
    environment = [
        (f"`PORTAL_{one.name.upper()}`", str(one.type), _default(one.name), ENVIRONMENT[one.name])
        for one in fields(Settings)
    ]
    site = [
        (
            f"`{one.key}`",
            one.kind + (f" {one.minimum} to {one.maximum}" if one.minimum is not None else ""),
            "" if one.default == "" else f"`{one.default}`",
            one.label,
            one.help,
        )
        for one in declarations()
    ]
    return (
        f"# Settings\n\n{MADE}\n## Environment\n\n"
        + table(("variable", "type", "default", "what for"), environment)
        + "\n## In the browser\n\nAdministrators change these under Settings; each change is in the log.\n\n"
        + table(("setting", "kind", "default", "label", "help"), site)
    )


def permissions_document(app: Flask) -> str:
    """Every permission with its rule, and the routes that ask for it."""
    asked: dict[str, list[str]] = {}
    for endpoint, access in route_access(app).items():
        asked.setdefault(access, []).append(f"`{endpoint}`")
    rows = [
        (
            f"`{one.name}`",
            one.rule.name,
            one.deny.value,
            "yes" if one.visitors else "",
            one.sees or "",
            ", ".join(asked.get(one.name, [])),
        )
        for one in all_permissions()
    ]
    return (
        f"# Permissions\n\n{MADE}\nDefault is no. There is no super-user. Visitors are asked to sign in, "
        "unless the rule may say yes to them.\n\n"
        + table(("permission", "rule", "otherwise", "visitors", "only who sees", "routes"), rows)
        + "\n## Open to everybody\n\n"
        + "".join(f"- {one}\n" for one in asked.get("public", []))
        + "\n## About the own account only\n\n"
        + "".join(f"- {one}\n" for one in asked.get("own", []))
    )


def _event_types() -> list[type]:
    found = []
    for feature in FEATURES:
        name = f"portal.{feature}.events"
        if find_spec(name) is not None:
            module = import_module(name)
            found += [
                one for one in vars(module).values() if isinstance(one, type) and one.__module__ == name
            ]
    return found


def events_document(app: Flask) -> str:
    """Every event with its fields and who listens; every audit name with its fields."""
    rows = [
        (
            f"`{one.__module__.split('.')[1]}.{one.__name__}`",
            (one.__doc__ or "").strip().splitlines()[0],
            ", ".join(f"`{name}`" for name in getattr(one, "__dataclass_fields__", {})),
            ", ".join(f"`{f.__module__.removeprefix('portal.')}.{f.__name__}`" for f in subscribers_of(one)),
        )
        for one in _event_types()
    ]
    names = [(f"`{one.name}`", ", ".join(sorted(one.fields)), one.visibility) for one in schemas()]
    return (
        f"# Events\n\n{MADE}\nSubscribers run at once, inside the transaction of what happened.\n\n"
        + table(("event", "what happened", "fields", "who listens"), rows)
        + "\n## Audit\n\nRows are only added, hold no content, and go after twelve months.\n\n"
        + table(("name", "fields", "read by"), names)
    )


def routes_document(app: Flask) -> str:
    """Every route; none vanishes unnoticed."""
    access = route_access(app)
    lines = []
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        lines.append(f"{rule.rule}  {methods}  {rule.endpoint}  {access[rule.endpoint]}\n")
    return "".join(sorted(lines))


def data_document(app: Flask) -> str:
    """What data is kept: record of processing activities (Art. 30 GDPR)."""
    parts = [f"# What data we keep\n\n{MADE}\n"]
    parts += [f"- **{kind.value}**: {str(words).partition(': ')[2]}\n" for kind, words in CLASS_WORDS.items()]
    for one in data_kept():
        parts.append(
            f"\n## {one.name}\n\n{one.purpose}\n\n- Kept: {one.kept}\n- Seen by: {one.seen_by}.\n\n"
            + table(
                ("column", "class", "what for"),
                ((f"`{column.name}`", column.kind.value, column.purpose) for column in one.columns),
            )
        )
    return "".join(parts)


DOCUMENTS: dict[str, Callable[[Flask], str]] = {
    "settings.md": settings_document,
    "permissions.md": permissions_document,
    "events.md": events_document,
    "routes.txt": routes_document,
    "data.md": data_document,
}


def _folder() -> Path:
    folder = data_root() / "docs"
    if not folder.is_dir():
        click.echo("There is no docs folder here: this command is for a checkout.", err=True)
        sys.exit(1)
    return folder


@main.command("docs")
@click.option("--check", is_flag=True, help="Only say whether they are current (exit code 1 if not).")
def docs(check: bool) -> None:
    """Write the lists in docs/ anew: settings, permissions, events, routes, data kept."""
    app, folder = open_app(), _folder()
    with app.app_context(), use_language("en"):
        texts = {name: make(app) for name, make in DOCUMENTS.items()}
        undocumented = gaps()
    for gap in undocumented:
        click.echo(f"portal/admin/queries/data_kept: {gap}", err=True)
    stale = [
        name
        for name, text in texts.items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != text
    ]
    for name in stale:
        if check:
            click.echo(f"docs/{name} is not current: run `portal docs`.", err=True)
        else:
            (folder / name).write_text(texts[name], encoding="utf-8")
            click.echo(f"docs/{name}")
    sys.exit(1 if undocumented or (check and stale) else 0)
