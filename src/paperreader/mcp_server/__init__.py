"""A server of the Model Context Protocol: assistants search a library and read its papers.

https://modelcontextprotocol.io describes the protocol. The package `mcp` implements it, in the extra of that name.
"""

from paperreader.mcp_server.library_tools import LibraryTools
from paperreader.mcp_server.mark_tools import MarkTools
from paperreader.mcp_server.server import serve_stdio

__all__ = ["LibraryTools", "MarkTools", "serve_stdio"]
