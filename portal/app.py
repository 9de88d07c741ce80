"""The app factory: wires the floors together. Importing a feature's modules registers what it offers."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.core import clock, db, memory, site_settings
from portal.core.places_on_disk import data_root
from portal.core.settings import Settings, load_settings, use_settings
from portal.web import (
    access,
    compiled,
    compression,
    errors,
    headers,
    health,
    installable,
    locale,
    logs,
    page_cache,
    render,
    requests,
    static_files,
    uploads,
)

# Lower floors first. Each package is its modules views, subscribers, jobs, settings (as far as it has them).
FEATURES = (
    "accounts",
    "places",
    "notifications",
    "content",
    "discussions",
    "moderation",
    "groups",
    "processes",
    "proposals",
    "rounds",
    "discovery",
    "opendata",
    "admin",
)
MODULES = ("settings", "models", "permissions", "subscribers", "jobs", "views")


def configure(app: Flask, settings: Settings) -> None:
    """Flask's settings from ours; everything unsafe by default is set here."""
    cookie = "__Host-s" if settings.is_https else "s"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        SESSION_COOKIE_NAME=cookie,
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        TEMPLATES_AUTO_RELOAD=settings.debug,
        **db.configuration(settings),
    )


def feature_modules() -> list[ModuleType]:
    """Import every feature's modules, lower floors first, so that they register what they offer."""
    names = [f"portal.{feature}.{name}" for feature in FEATURES for name in MODULES]
    with memory.undisturbed():
        return [import_module(name) for name in names if find_spec(name) is not None]


def create_app(settings: Settings | None = None) -> Flask:
    """The portal as a WSGI app. Raises UnsafeSettings or UndeclaredRoute instead of starting half."""
    settings = settings or load_settings()
    use_settings(settings)
    site_settings.forget()  # another app of this process may have had another database
    clock.set_zone(settings.time_zone)
    root = data_root()
    app = requests.PortalFlask(
        "portal",
        template_folder=str(root / "templates"),
        static_folder=None,
        instance_path=str(settings.instance),
    )
    configure(app, settings)
    db.db.init_app(app)
    with app.app_context():
        db.prepare(settings)
    app.before_request(access.only_here)
    uploads.init_app(app)
    CSRFProtect(app)
    compression.init_app(app)  # first, so that it runs last: after_request functions run backwards
    cache = settings.instance / "cache"
    static = static_files.init_app(app, root / "static", cache / "static", watch=settings.debug)
    if not settings.debug:
        app.jinja_env.bytecode_cache = compiled.KeptTemplates(cache / "templates", static)
    for part in (logs, requests, locale, render, headers, errors, health, installable):
        part.init_app(app)
    for module in feature_modules():
        if hasattr(module, "section"):
            app.register_blueprint(module.section)
        if hasattr(module, "init_app"):
            module.init_app(app)
    access.check_routes(app)
    add_layers(app, settings)
    return app


def add_layers(app: Flask, settings: Settings) -> None:
    """Around the app, from the inside: kept pages, what the proxy says, the access log."""
    page_cache.wrap(app, settings)
    if hops := settings.proxy_hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = logs.AccessLog(app.wsgi_app)  # type: ignore[method-assign]
