"""Real servers on loopback: a site that serves what it is given, and receivers that keep what they get."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Pages by path; each is (bytes, type). ``any``: by path, whatever the query.

    ``etags`` are those that do not follow the page. ``gone`` has the paths that answer 410, ``seen`` has the requests in their order.
    """

    def __init__(self):
        self.pages = {}
        self.gone = set()
        self.any = {}
        self.etags = {}
        self.seen = []
        self.base = ""


class Inbox:
    """Messages that were posted; ``statuses`` are answered first, then 200."""

    def __init__(self):
        self.messages = []
        self.statuses = []
        self.url = ""


@contextmanager
def serving(handler):
    """Serve until the block ends; gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def site():
    """A site with conditional GET by the hash of the page."""
    pages = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            pages.seen.append((self.path, dict(self.headers)))
            found = pages.pages.get(self.path) or pages.any.get(self.path.partition("?")[0])
            body, kind = found or (b"not found", "text/plain")
            etag = pages.etags.get(self.path, f'"{hash(body)}"')
            is_known = self.headers.get("If-None-Match") == etag
            is_known = is_known and self.path not in pages.gone
            status = 410 if self.path in pages.gone else 304 if is_known else 200 if found else 404
            self.send_response(status)
            self.send_header("ETag", etag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", "0" if is_known else str(len(body)))
            self.end_headers()
            if not is_known:
                self.wfile.write(body)

        def log_message(self, *_):
            """Be quiet."""

    with serving(Handler) as port:
        pages.base = f"http://127.0.0.1:{port}"
        yield pages


@contextmanager
def inbox():
    """An HTTP receiver for Apprise's json:// addresses."""
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            import json

            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = box.statuses.pop(0) if box.statuses else 200
            if status == 200:
                box.messages.append(message)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Be quiet."""

    with serving(Handler) as port:
        box.url = f"json://127.0.0.1:{port}/"
        yield box


@contextmanager
def mailbox():
    """An SMTP server; gives its mails and its address for Apprise."""
    import socket

    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Message

    mails = []

    class Keep(Message):
        def handle_message(self, message):
            mails.append(message)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mails, f"mailto://127.0.0.1:{port}/?from=monitor@example.org&to=desk@example.org"
    finally:
        controller.stop()


@contextmanager
def answering(respond):
    """A site that answers as ``respond(path, headers)`` says: (status, headers, body). Gives its address and the requests."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            seen.append((self.path, dict(self.headers)))
            status, headers, body = respond(self.path, self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Be quiet."""

    with serving(Handler) as port:
        yield f"http://127.0.0.1:{port}", seen
