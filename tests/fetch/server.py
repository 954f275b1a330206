"""A fake service on loopback with configurable responses, including invalid ones."""

from __future__ import annotations

import datetime as dt
import email.utils
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from paperreader.fetch import clock
from tests.request_pace import shorten_pace
from tests.waiting import TIMEOUT_SECONDS

JSON = "application/json; charset=utf-8"
ATOM = "application/atom+xml; charset=utf-8"


@dataclass
class Reply:
    """One response; `body` is bytes, text, or any value that is sent as JSON."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str | None = JSON
    content_length: int | None = None
    """A wrong `Content-Length`, or -1 for none."""
    after_body: Callable[[BaseHTTPRequestHandler, FakeService], None] | None = None
    """Called after the body was sent."""

    @property
    def data(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass(frozen=True)
class Request:
    """A request that was received."""

    path: str
    headers: dict[str, str]
    body: bytes = b""
    """Of a POST."""


class FakeService:
    """Responds with `[]` for days without a configured response, and with 404 to everything else."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.request_received = threading.Event()
        """Set when the first request has arrived."""
        self.closing = threading.Event()
        self.time: dt.datetime | None = None
        """The time in the `Date` header; by default that of the program's clock."""
        self.omits_date = False
        self._replies: dict[str, list[Reply]] = {}
        self._answers: dict[str, Callable[[str], Reply]] = {}
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # headers and body in one piece: parted, the second waits for an acknowledgement

            def date_time_string(self, timestamp: float | None = None) -> str:
                now = clock.now() if service.time is None else service.time
                return email.utils.format_datetime(now, usegmt=True)

            def do_GET(self) -> None:
                service.handle(self)

            def do_POST(self) -> None:
                service.handle(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                return

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, *_: object) -> None:
                return  # the client hung up, as it should

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.requests]

    def respond(self, path: str, *replies: Reply) -> None:
        """Set the responses to paths with this prefix, in order; the last one is repeated."""
        self._replies[path] = list(replies)

    def answer(self, path: str, answer: Callable[[str], Reply]) -> None:
        """Set a function that returns the response to each path with this prefix."""
        self._answers[path] = answer

    def respond_day(self, day: str, items: list[Any], **more: Any) -> None:
        """Set the papers of a day."""
        self.respond(f"/api/daily_papers?date={day}", Reply(items, **more))

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def handle(self, handler: BaseHTTPRequestHandler, body: bytes = b"") -> None:
        self.requests.append(Request(handler.path, {k.lower(): v for k, v in handler.headers.items()}, body))
        reply = self._reply(handler.path)
        etag = reply.headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            reply = Reply(status=304, headers=reply.headers, content_type=None)
        data = reply.data
        if reply.after_body is dribble_headers:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
            self.request_received.set()
            dribble_headers(handler, self)
            return
        handler.send_response_only(reply.status)
        if not self.omits_date:
            handler.send_header("Date", handler.date_time_string())
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.content_type is not None:
            handler.send_header("Content-Type", reply.content_type)
        if reply.status != 304 and reply.content_length != -1:
            handler.send_header(
                "Content-Length", str(len(data) if reply.content_length is None else reply.content_length)
            )
        if reply.content_length is not None:
            handler.close_connection = True
            handler.send_header("Connection", "close")
        handler.end_headers()
        if reply.after_body is None:
            self.request_received.set()  # before the client goes on, which may clear it
        handler.wfile.write(data)
        handler.wfile.flush()
        if reply.after_body is not None:
            self.request_received.set()
            reply.after_body(handler, self)

    def _reply(self, path: str) -> Reply:
        for prefix, answer in self._answers.items():
            if path.startswith(prefix):
                return answer(path)
        fitting = [known for known in self._replies if path.startswith(known)]
        if not fitting:
            listing = path.startswith("/api/daily_papers?")
            return Reply([]) if listing else Reply({"error": "nothing here"}, status=404)
        replies = self._replies[max(fitting, key=len)]
        return replies.pop(0) if len(replies) > 1 else replies[0]


def hang(handler: BaseHTTPRequestHandler, service: FakeService) -> None:
    """Send nothing more until the test ends."""
    service.closing.wait(TIMEOUT_SECONDS)


def dribble(handler: BaseHTTPRequestHandler, service: FakeService) -> None:
    """Send a space every 50 ms."""
    while not service.closing.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def dribble_headers(handler: BaseHTTPRequestHandler, service: FakeService) -> None:
    """Send a header without end, a byte every 50 ms."""
    while not service.closing.wait(0.05):
        handler.wfile.write(b"x")
        handler.wfile.flush()


def pour(handler: BaseHTTPRequestHandler, service: FakeService) -> None:
    """Send 50 MB, or until the client closes the connection."""
    for _ in range(50):
        handler.wfile.write(b" " * (1 << 20))


def gzipped(data: bytes) -> Reply:
    """A response with content encoding gzip."""
    return Reply(gzip.compress(data, 1), headers={"Content-Encoding": "gzip"})


def item(id: str, title: str, listed: str = "", **more: Any) -> dict[str, Any]:
    """An item of the Daily Papers, as the service formats it today."""
    paper: dict[str, Any] = {
        "id": id,
        "authors": [{"_id": "65f", "name": "Ada Brook", "hidden": False}, {"_id": "660", "name": "Cy River"}],
        "publishedAt": "2026-11-17T17:59:00.000Z",
        "title": title,
        "summary": f"{title}, described in a sentence that is long enough to be an abstract.",
        "upvotes": more.pop("votes", 3),
        "discussionId": "6710",
        "projectPage": "https://rivers.example.org/",
        "githubRepo": "https://github.com/riverlab/bends",
        "githubStars": 12,
        "ai_summary": "Rivers keep time.",
        "ai_keywords": ["rivers", "clocks"],
        **more,
    }
    if listed:
        paper["submittedOnDailyAt"] = f"{listed}T02:11:00.000Z"
    return {
        "paper": paper,
        "publishedAt": f"{listed or '2026-11-17'}T00:00:00.000Z",
        "title": title,
        "summary": paper["summary"],
        "thumbnail": f"https://cdn.example.org/{id}.png",
        "numComments": 2,
        "submittedBy": {"name": "brook", "fullname": "Ada Brook", "type": "user"},
        "isAuthorParticipating": False,
    }


def entry(id: str, title: str) -> str:
    """An entry of an arXiv feed."""
    return f"""<entry>
    <id>http://arxiv.org/abs/{id}v2</id>
    <title>{title}</title>
    <updated>2026-11-18T15:05:19Z</updated>
    <link href="https://arxiv.org/abs/{id}v2" rel="alternate" type="text/html"/>
    <summary>{title}, described by arXiv in a sentence that is long enough to be an abstract.</summary>
    <category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/>
    <published>2026-11-17T15:05:19Z</published>
    <arxiv:primary_category term="cs.CL"/>
    <author><name>Ada Brook</name></author>
  </entry>"""


def feed(*entries: str, total: int | None = None, start: int = 0) -> str:
    """A response of arXiv's query API."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
      xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/invented</id>
  <title>arXiv Query: invented</title>
  <updated>2026-11-20T09:00:00Z</updated>
  <opensearch:itemsPerPage>{len(entries)}</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>{start}</opensearch:startIndex>
  {"".join(entries)}
</feed>
"""


ERROR_FEED = """<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/</id><title>arXiv Search Results</title>
<entry><id>https://arxiv.org/api/errors#malformed</id><title>Error</title>
<summary>malformed query near the river</summary></entry></feed>
"""
"""An error of arXiv, sent with status 400."""


@contextmanager
def running_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeService]:
    """Run a fake service in place of Hugging Face and arXiv, for this process and its children.

    Requests of this process and its forks do not wait for each other.
    """
    service = FakeService()
    shorten_pace(monkeypatch.setattr)
    monkeypatch.setenv("PAPERREADER_HUGGINGFACE_URL", service.url)
    monkeypatch.setenv("PAPERREADER_ARXIV_URL", service.url)
    monkeypatch.setenv("PAPERREADER_ARXIV_OAI_URL", f"{service.url}/oai")
    monkeypatch.setenv("PAPERREADER_ARXIV_PAGES_URL", service.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    try:
        yield service
    finally:
        service.close()
