"""The settings of citation counts, see `settings`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from msgspec import Struct

if TYPE_CHECKING:
    from paperreader.config.value_types import Command, OneOf, ServiceUrl, Switch, Text

CitationServiceName = Literal["auto", "semanticscholar", "openalex", "none"]


class Citations(Struct, frozen=True):
    """Where citation counts come from."""

    service: Annotated[
        CitationServiceName,
        OneOf(get_args(CitationServiceName)),
        'the service that is asked when you ask for citations; "auto" is the one for which there is a key, and none'
        " without a key. Semantic Scholar also answers without a key, if you name it, but often refuses",
    ] = "auto"
    when_shown: Annotated[
        bool,
        Switch(),
        "whether the reader also asks, with the key of the service, for the citations of a paper that the detail has"
        " shown for a second, unless its count is from the last seven days; one paper at a time",
    ] = False
    semanticscholar_url: Annotated[str, ServiceUrl(), "the API of Semantic Scholar"] = (
        "https://api.semanticscholar.org"
    )
    openalex_url: Annotated[str, ServiceUrl(), "the API of OpenAlex"] = "https://api.openalex.org"
    key_env: Annotated[
        str,
        Text("the name of an environment variable", ascii_only=True),
        "an environment variable that holds the key of the service; empty is SEMANTIC_SCHOLAR_API_KEY or"
        " OPENALEX_API_KEY",
    ] = ""
    key_command: Annotated[
        tuple[str, ...],
        Command(),
        "a program that prints the key of the service, and its arguments; run without a shell",
    ] = ()
