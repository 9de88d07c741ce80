"""Security headers on every answer: strict CSP without inline script, no third party, no sniffing."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, Response, request

from portal.web.page_cache import is_kept
from portal.web.static_files import used_css

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "fullscreen", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb", "browsing-topics",
    )
)  # fmt: skip


def content_security_policy(style_hash: str = "") -> str:
    """The policy; the inlined core CSS is allowed by its hash only."""
    style = f"'self' '{style_hash}'" if style_hash else "'self'"
    return (
        f"default-src 'none'; script-src 'self'; style-src {style}; img-src 'self' data:; "
        "connect-src 'self'; media-src 'self'; font-src 'none'; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )


@lru_cache(maxsize=256)
def hardening(style_hash: str, secure: bool) -> tuple[tuple[str, str, str], ...]:
    """What every answer carries unless a view said otherwise: (header, the same in small letters, value)."""
    found = {
        "Content-Security-Policy": content_security_policy(style_hash),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        **({"Strict-Transport-Security": "max-age=31536000"} if secure else {}),
    }
    return tuple((name, name.lower(), value) for name, value in found.items())


def init_app(app: Flask) -> None:
    """Set the headers after each request, also on errors and static files."""
    secure = app.config["SESSION_COOKIE_SECURE"]

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        present = {name.lower() for name, _ in headers}
        for name, key, value in hardening(used_css().csp_hash, secure):
            if key not in present:
                headers.add(name, value)
        if is_kept() and response.status_code == 200:
            headers.setdefault("Cache-Control", "private, max-age=0, must-revalidate")
            response.vary.add("Cookie")
        headers.setdefault("Cache-Control", "no-store")
        if request.cookies:
            response.vary.add("Cookie")
        return response
