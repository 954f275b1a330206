"""Keys of the services, from the environment or a command. They are never stored or printed."""

from __future__ import annotations

import os
from collections.abc import Mapping

from paperreader.config.citation_settings import Citations, CitationServiceName
from paperreader.errors import PaperreaderError

KEY_VARIABLES: Mapping[CitationServiceName, str] = {
    "semanticscholar": "SEMANTIC_SCHOLAR_API_KEY",
    "openalex": "OPENALEX_API_KEY",
}


def service_key(settings: Citations, service: CitationServiceName) -> str:
    """Return the key of a service; empty if there is none.

    Raises:
        PaperreaderError: the command of the settings fails.
    """
    from paperreader.system.secret_command import read_secret

    if settings.key_command:
        return read_secret(settings.key_command, "key", PaperreaderError)
    return key_from_environment(settings, service)


def key_from_environment(settings: Citations, service: CitationServiceName) -> str:
    """Return the value of the environment variable with the key of a service; empty if it is not set."""
    return os.environ.get(settings.key_env or KEY_VARIABLES[service], "").strip()
