"""A fake arXiv: papers that are announced, replaced and cross-listed, over OAI-PMH and the query API."""

from __future__ import annotations

import datetime as dt
import email.utils
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from paperreader.fetch import clock
from tests.fetch.server import ATOM, FakeService, Reply, feed

OAI_PATH = "/oai?"


@dataclass
class FakePaper:
    """A paper. `changed` is the ISO day of its last change."""

    id: str
    title: str
    changed: str
    categories: str = "cs.CL"
    versions: list[str] = field(default_factory=list)
    """ISO times (UTC)."""

    @property
    def sets(self) -> set[str]:
        names = self.categories.split()
        return {name.partition(".")[0] for name in names} | {
            f"{name.partition('.')[0]}:{name.replace('.', ':')}" for name in names
        }

    def record(self) -> str:
        """Its record in the format `arXivRaw`."""
        versions = "".join(
            f'<version version="v{number}"><date>{_http_date(time)}</date><size>12kb</size></version>'
            for number, time in enumerate(self.versions, 1)
        )
        return f"""<record><header><identifier>oai:arXiv.org:{self.id}</identifier><datestamp>{self.changed}</datestamp>
{"".join(f"<setSpec>{name}</setSpec>" for name in sorted(self.sets))}</header>
<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{self.id}</id><submitter>Ada Brook</submitter>{versions}
<title>{self.title}</title><authors>Ada Brook (River Lab), Cy Weir</authors><categories>{self.categories}</categories>
<abstract>  {self.title}, in a sentence that is long enough to be an abstract.</abstract></arXivRaw></metadata>
</record>"""

    def entry(self) -> str:
        """Its entry in a response of the query API."""
        categories = "".join(f'<category term="{name}"/>' for name in self.categories.split())
        return f"""<entry><id>http://arxiv.org/abs/{self.id}v{len(self.versions)}</id><title>{self.title}</title>
<published>{self.versions[0]}Z</published>{categories}
<summary>{self.title}, in a sentence that is long enough.</summary><author><name>Ada Brook</name></author></entry>"""


class FakeArxiv:
    """Serves its papers at a `FakeService`."""

    def __init__(self, service: FakeService, page_size: int = 1000) -> None:
        self.papers: dict[str, FakePaper] = {}
        self.page_size = page_size
        self.expired_tokens = 0
        """How many of the next tokens are not known any more."""
        self.replies: list[Reply] = []
        """Sent in place of the next lists; the last one is repeated while `is_broken`."""
        self.is_broken = False
        self.generated_at: dt.datetime | None = None
        """When its lists were generated, if they are from a cache in front of it."""
        self._service = service
        service.answer(OAI_PATH, self._oai)
        service.answer("/api/query?", self._query)

    def announce(
        self, day: str, id: str, title: str = "", *, categories: str = "cs.CL", submitted: str = ""
    ) -> None:
        """Announce a new paper on a day, by default submitted at noon (UTC) of the day before."""
        before = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
        self.papers[id] = FakePaper(
            id, title or f"Paper {id}", day, categories, [f"{submitted or before}T12:00:00"]
        )

    def replace(self, day: str, id: str) -> None:
        """Replace a paper by a later version."""
        self.papers[id].versions.append(f"{day}T01:00:00")
        self.papers[id].changed = day

    def cross_list(self, day: str, id: str, category: str) -> None:
        """List a paper in another category."""
        self.papers[id].categories += f" {category}"
        self.papers[id].changed = day

    def asked(self) -> list[str]:
        """What was requested from OAI-PMH: `cs:cs:CL 2026-11-14..2026-11-20`, or `token …`."""
        found: list[str] = []
        for path in self._service.paths:
            if path.startswith(OAI_PATH):
                query = _parameters(path)
                days = f"{query.get('from')}..{query.get('until', '')}"
                token = query.get("resumptionToken")
                found.append(f"token {token}" if token else f"{query['set']} {days}")
        return found

    def _oai(self, path: str) -> Reply:
        if self.replies:
            return self.replies[0] if self.is_broken and len(self.replies) == 1 else self.replies.pop(0)
        query = _parameters(path)
        start = 0
        if token := query.get("resumptionToken"):
            if self.expired_tokens:
                self.expired_tokens -= 1
                return oai_reply('<error code="badResumptionToken">expired</error>')
            name, first, until, number = token.split("|")
            query, start = {"set": name, "from": first, "until": until}, int(number)
        until = query.get("until") or "9999"
        found = [
            paper
            for paper in self.papers.values()
            if query["set"] in paper.sets and query["from"] <= paper.changed <= until
        ]
        if not found:
            return oai_reply('<error code="noRecordsMatch">nothing</error>')
        page = found[start : start + self.page_size]
        end = start + len(page)
        token = f"{query['set']}|{query['from']}|{until}|{end}" if end < len(found) else ""
        tail = f"<resumptionToken>{token}</resumptionToken>" if len(found) > self.page_size else ""
        records = "".join(paper.record() for paper in page)
        time = self.generated_at or self._service.time or clock.now()
        return oai_reply(f"<ListRecords>{records}{tail}</ListRecords>", time)

    def _query(self, path: str) -> Reply:
        """Return all papers with the last word of a query that were submitted since its day."""
        text = _parameters(path)["search_query"]
        since = text.partition("submittedDate:[")[2][:8]
        word = text.partition(" AND submittedDate")[0].strip("()").split()[-1].rpartition(":")[2].casefold()
        found = [
            paper
            for paper in sorted(self.papers.values(), key=lambda paper: paper.versions[0], reverse=True)
            if word in paper.title.casefold() and paper.versions[0].replace("-", "") >= since
        ]
        return Reply(feed(*(paper.entry() for paper in found)), content_type=ATOM)


def oai_reply(content: str, time: dt.datetime | None = None) -> Reply:
    """A response of OAI-PMH, with the time when it was generated."""
    date = f"<responseDate>{time:%Y-%m-%dT%H:%M:%SZ}</responseDate>" if time else ""
    return Reply(
        '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
        f"{date}{content}</OAI-PMH>",
        content_type="text/xml",
    )


def _parameters(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def _http_date(time: str) -> str:
    return email.utils.format_datetime(dt.datetime.fromisoformat(time).replace(tzinfo=dt.UTC), usegmt=True)
