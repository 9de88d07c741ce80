"""The limit: a bare Flask that says hello, under the server the portal uses."""

from flask import Flask

from portal.core.settings import load_settings
from portal.web.server import serve

hello = Flask(__name__)


@hello.get("/")
def say_hello() -> str:
    """Nothing a portal does."""
    return "hello"


if __name__ == "__main__":
    serve(hello.wsgi_app, load_settings())
