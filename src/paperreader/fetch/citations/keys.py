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


def has_key(settings: Citations, service: CitationServiceName) -> bool:
    """Return whether there is a key of a service, or a command that prints it. The command is not run."""
    has_command = bool(settings.key_command) and _is_for(settings, service)
    return has_command or bool(key_from_environment(settings, service))


def service_key(settings: Citations, service: CitationServiceName) -> str:
    """Return the key of a service; empty if there is none.

    Raises:
        PaperreaderError: the command of the settings fails.
    """
    from paperreader.system.secret_command import read_secret

    if settings.key_command and _is_for(settings, service):
        return read_secret(settings.key_command, "key", PaperreaderError)
    return key_from_environment(settings, service)


def key_from_environment(settings: Citations, service: CitationServiceName) -> str:
    """Return the value of the environment variable with the key of a service; empty if it is not set."""
    variable = settings.key_env if settings.key_env and _is_for(settings, service) else KEY_VARIABLES[service]
    return os.environ.get(variable, "").strip()


def _is_for(settings: Citations, service: CitationServiceName) -> bool:
    """Return whether `key_env` and `key_command` are about a service: that of the settings, else Semantic Scholar."""
    return service == ("openalex" if settings.service == "openalex" else "semanticscholar")
