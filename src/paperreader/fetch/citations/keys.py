"""Keys of the services, from the environment or a command. They are never stored or printed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal

from paperreader.config.citation_settings import Citations
from paperreader.errors import PaperreaderError, UsageError

ServiceName = Literal["semanticscholar", "openalex"]

SERVICE_LABELS: Mapping[ServiceName, str] = {
    "semanticscholar": "Semantic Scholar",
    "openalex": "OpenAlex",
}
"""The services that know citations."""

KEY_VARIABLES: Mapping[ServiceName, str] = {
    "semanticscholar": "SEMANTIC_SCHOLAR_API_KEY",
    "openalex": "OPENALEX_API_KEY",
}


def configured_service(settings: Citations) -> ServiceName | None:
    """Return the service to ask for citations: that of the settings, else the first one for which there is a key.

    Semantic Scholar may have none if the settings name it, which OpenAlex does not allow. None: no service is asked.
    """
    if settings.service == "semanticscholar":
        return settings.service
    if settings.service == "openalex":
        return settings.service if has_key(settings, settings.service) else None
    if settings.service == "none":
        return None
    return next((name for name in SERVICE_LABELS if has_key(settings, name)), None)


def available_services(settings: Citations) -> list[ServiceName]:
    """Return the services that can be asked for lists: that of `configured_service`, then another one with a key.

    Empty if `configured_service` is None.
    """
    first = configured_service(settings)
    others = (name for name in SERVICE_LABELS if name != first and has_key(settings, name))
    return [first, *others] if first is not None else []


def required_service(settings: Citations) -> ServiceName:
    """Return the service to ask for citations, as `configured_service` does.

    Raises:
        UsageError: there is none.
    """
    if (service := configured_service(settings)) is not None:
        return service
    if settings.service == "openalex":
        raise UsageError(
            "OpenAlex requires a key, which is free: set the environment variable OPENALEX_API_KEY."
        )
    raise UsageError(
        "No service for citations: set the environment variable SEMANTIC_SCHOLAR_API_KEY or OPENALEX_API_KEY to a key,"
        " or [citations] in the settings."
    )


def has_key(settings: Citations, service: ServiceName) -> bool:
    """Return whether there is a key of a service, or a command that prints it. The command is not run."""
    has_command = bool(settings.key_command) and _is_for(settings, service)
    return has_command or bool(key_from_environment(settings, service))


def service_key(settings: Citations, service: ServiceName) -> str:
    """Return the key of a service; empty if there is none.

    Raises:
        PaperreaderError: the command of the settings fails.
    """
    from paperreader.system.secret_command import read_secret

    if settings.key_command and _is_for(settings, service):
        return read_secret(settings.key_command, "key", PaperreaderError)
    return key_from_environment(settings, service)


def key_from_environment(settings: Citations, service: ServiceName) -> str:
    """Return the value of the environment variable with the key of a service; empty if it is not set."""
    variable = settings.key_env if settings.key_env and _is_for(settings, service) else KEY_VARIABLES[service]
    return os.environ.get(variable, "").strip()


def _is_for(settings: Citations, service: ServiceName) -> bool:
    """Return whether `key_env` and `key_command` are about a service: that of the settings, else Semantic Scholar."""
    return service == ("openalex" if settings.service == "openalex" else "semanticscholar")
