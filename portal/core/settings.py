"""Settings from the environment (prefix PORTAL_), refused at start when unsafe in production."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "ceph", "glusterfs"}
MINIMUM_SECRET_LENGTH = 32


class UnsafeSettings(Exception):
    """The portal refuses to start; the message is one plain sentence a terminal can show."""


@dataclass(frozen=True)
class Settings:
    """How this installation runs. Each field is the variable PORTAL_<NAME IN CAPITALS>."""

    host: str = "127.0.0.1"
    port: int = 8000
    instance: Path = field(default_factory=lambda: Path("instance").resolve())
    database_url: str = ""
    valkey_url: str = ""
    mail_url: str = ""
    mail_sender: str = ""
    secret_key: str = ""
    secret_key_fallbacks: tuple[str, ...] = ()
    base_url: str = ""
    production: bool = False
    debug: bool = False
    trusted_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    time_zone: str = "Europe/Berlin"
    threads: int = 8
    processes: int = 1  # how many server processes share the database; more than one want Valkey
    worker: bool = True
    sqlite_synchronous: str = "NORMAL"
    log_level: str = "INFO"
    log_json: bool = False
    # The town's sign-in (OpenID Connect); off unless issuer and client are given.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_name: str = ""  # how people know it, for example BundID
    oidc_district_claim: str = ""  # the claim that names the person's district, if there is one

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is the embedded one."""
        return self.database_url.startswith("sqlite")

    @property
    def mail_from(self) -> str:
        """PORTAL_MAIL_SENDER, else portal@ the host people know; a made-up one where that has no domain."""
        host = urlsplit(self.base_url).hostname or ""
        is_domain = "." in host and not host.replace(".", "").isdigit()
        return self.mail_sender or f"portal@{host if is_domain else 'example.org'}"

    @property
    def is_https(self) -> bool:
        """Whether people reach the portal over TLS; decides about the cookie's name and flags."""
        return self.base_url.startswith("https://")


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _flag(value: str) -> bool:
    return value.strip().lower() in {"1", "true", "yes", "on"}


def _convert(kind: str, name: str, raw: str) -> object:
    try:
        if kind == "int":
            return int(raw)
        if kind == "bool":
            return _flag(raw)
        if kind.startswith("tuple"):
            return _split(raw)
        if kind == "Path":
            return Path(raw).expanduser().resolve()
    except ValueError:
        raise UnsafeSettings(f"PORTAL_{name.upper()} must be a number, but is {raw!r}.") from None
    return raw


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read PORTAL_* variables, fill in what is missing, and make the instance folder.

    Raises UnsafeSettings with one plain sentence when production would be unsafe.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for name, spec in Settings.__dataclass_fields__.items():
        raw = environ.get(f"PORTAL_{name.upper()}", "")
        if raw.strip():
            values[name] = _convert(str(spec.type), name, raw.strip())
    instance = values.get("instance", Path("instance").resolve())
    assert isinstance(instance, Path)
    instance.mkdir(parents=True, exist_ok=True)
    values["instance"] = instance
    values.setdefault("database_url", f"sqlite:///{instance / 'portal.db'}")
    host, port = values.get("host", "127.0.0.1"), values.get("port", 8000)
    given_secret = str(values.get("secret_key", ""))
    values.setdefault("base_url", f"http://{host}:{port}")
    values["base_url"] = str(values["base_url"]).rstrip("/")
    values.setdefault("secret_key", stored_secret(instance, "session"))
    settings = Settings(**values)  # type: ignore[arg-type]
    if settings.mail_url and not is_mail_address(settings.mail_url):
        raise UnsafeSettings(
            "PORTAL_MAIL_URL must look like smtp://user:password@host:587 (or smtps://), but does not."
        )
    if settings.production:
        refuse_unsafe(settings, given_secret)
    return settings


def is_mail_address(url: str) -> bool:
    """Whether it names a mail server: smtp:// or smtps://, a host, and a port if any that is a number."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    tls = parse_qs(parts.query, keep_blank_values=True)
    known = not set(tls) - {"tls"} and set(tls.get("tls", ["none"])) <= {"none", "starttls"}
    return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and known and parts.path in {"", "/"}


def stored_secret(instance: Path, name: str) -> str:
    """A secret kept in instance/keys/<name>.key, made on first use, readable by the owner only."""
    folder = instance / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{name}.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def problems_in_production(settings: Settings, given_secret: str) -> list[str]:
    """Every reason not to start in production, each one plain sentence."""
    problems = []
    if len(given_secret) < MINIMUM_SECRET_LENGTH:
        problems.append("PORTAL_SECRET_KEY is missing or shorter than 32 characters.")
    elif len(set(given_secret)) < 8:
        problems.append("PORTAL_SECRET_KEY is too simple: use a random one.")
    if not settings.is_https:
        problems.append("PORTAL_BASE_URL must begin with https:// in production.")
    if settings.debug:
        problems.append("PORTAL_DEBUG must be off in production.")
    if not settings.trusted_hosts:
        problems.append("PORTAL_TRUSTED_HOSTS is empty: name the hosts the portal answers to.")
    elif urlsplit(settings.base_url).hostname not in settings.trusted_hosts:
        problems.append("PORTAL_TRUSTED_HOSTS does not name the host of PORTAL_BASE_URL.")
    if not settings.mail_url:
        problems.append("PORTAL_MAIL_URL is missing: nobody could receive a sign-in code.")
    problems += [
        f"The key file {path.name} can be read by others: chmod 600 it." for path in _open_keys(settings)
    ]
    problems += _problems_of_town_sign_in(settings)
    if settings.is_sqlite and _on_network_disk(settings.instance):
        problems.append("SQLite on a network disk loses data: move PORTAL_INSTANCE or use PostgreSQL.")
    if settings.sqlite_synchronous not in {"NORMAL", "FULL"}:
        problems.append("PORTAL_SQLITE_SYNCHRONOUS must be NORMAL or FULL.")
    return problems


def _problems_of_town_sign_in(settings: Settings) -> list[str]:
    problems = []
    if settings.oidc_issuer and not settings.oidc_issuer.startswith("https://"):
        problems.append("PORTAL_OIDC_ISSUER must begin with https:// in production.")
    if bool(settings.oidc_issuer) != bool(settings.oidc_client_id):
        problems.append("PORTAL_OIDC_ISSUER and PORTAL_OIDC_CLIENT_ID belong together: set both or none.")
    return problems


def refuse_unsafe(settings: Settings, given_secret: str) -> None:
    """Raise UnsafeSettings for the first problem found."""
    for problem in problems_in_production(settings, given_secret):
        raise UnsafeSettings(problem)


def _open_keys(settings: Settings) -> list[Path]:
    folder = settings.instance / "keys"
    return [path for path in sorted(folder.glob("*.key")) if stat.S_IMODE(path.stat().st_mode) & 0o077]


def _on_network_disk(folder: Path, mounts: Path = Path("/proc/mounts")) -> bool:
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text().splitlines():
        _, point, file_system, *_rest = line.split(" ")
        if (str(folder) + "/").startswith(point.rstrip("/") + "/") and len(point) >= len(best):
            best, kind = point, file_system
    return kind in NETWORK_FILE_SYSTEMS


_current: Settings | None = None


def use_settings(settings: Settings) -> None:
    """Make these the settings of this process; called once by the app factory."""
    global _current
    _current = settings


def current_settings() -> Settings:
    """The settings of this process."""
    if _current is None:
        raise RuntimeError("no settings yet: create the app first")
    return _current
