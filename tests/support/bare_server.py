"""A server process for tests of portal.web.server: a tiny application behind the real `serve`."""

import json
import sys
import time
from dataclasses import dataclass

from portal.web.server import ServerOptions, serve


@dataclass(frozen=True)
class Address:
    port: int
    threads: int = 8
    proxy_hops: int = 0
    host: str = "127.0.0.1"


def application(environ, start_response):
    """`/` answers at once, `/slow` after 0.3 s, `/length` says how long the body was, `/big` is 64 MB."""
    path = environ["PATH_INFO"]
    if path == "/slow":
        time.sleep(0.3)
        body = b"finished"
    elif path == "/length":
        body = str(len(environ["wsgi.input"].read())).encode()
    elif path == "/big":
        start_response("200 OK", [("Content-Type", "application/octet-stream")])
        return (b"x" * 1_000_000 for _ in range(64))
    elif path == "/headers":
        body = json.dumps({k: v for k, v in environ.items() if isinstance(v, str)}).encode()
    else:
        body = b"hello"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


if __name__ == "__main__":
    options = json.loads(sys.argv[2])
    own = {name: options.pop(name) for name in ("threads", "proxy_hops") if name in options}
    serve(
        application,
        Address(int(sys.argv[1]), **own),
        ServerOptions(**options),
        ready=lambda host, actual: print(actual, flush=True),
    )
    print("stopped", flush=True)
