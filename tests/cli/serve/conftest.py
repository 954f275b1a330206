"""A library with three papers, and a client of the server."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from paperreader import paths
from paperreader.fulltext import Heading, Paragraph, StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from tests.fulltext.documents import document, text

if TYPE_CHECKING:
    from mcp.server import MCPServer

Call = Callable[..., Any]


@pytest.fixture
def library(home: Path, imported_home: Path) -> Library:
    """A library with an index."""
    shutil.copytree(imported_home, home, dirs_exist_ok=True)
    return Library.open()


@pytest.fixture
def stored_text(library: Library, home: Path) -> str:
    """The id of a paper whose full text is stored."""
    [row] = library.search("rivers").rows[:1]
    id = library.table.id_of(row)
    blocks = [
        Heading(content=text("1 Lamps"), level=1),
        *(Paragraph(content=text(f"Moths fly in circle {number}.")) for number in range(60)),
    ]
    description = StoredText(paper=id, version=2, source="arxiv-html", kind="html")
    FullTextStore(paths.full_text_folder(library.uuid)).write(
        description, pack_document(document(*blocks)), pack(b"page")
    )
    return id


def create_server(library: Library, **settings: Any) -> MCPServer:
    """Create a server. It is imported here, because that takes most of a second."""
    from paperreader.mcp_server import server

    return server.create_server(library, **settings)


def call(server: MCPServer, tool: str, **arguments: object) -> Any:
    """Call a tool through a client. Return what the tool answers, or the message of its error."""
    from mcp import Client

    async def run() -> Any:
        async with Client(server) as client:
            result = await client.call_tool(tool, arguments)
            [content] = result.content
            return content.text if result.is_error else json.loads(content.text)

    return asyncio.run(run())


@pytest.fixture
def server(library: Library) -> Call:
    """The tools of a server that may write, as functions: `server("search", query="rivers")`."""
    return partial(call, create_server(library, allow_writes=True, describe_crash=repr))
