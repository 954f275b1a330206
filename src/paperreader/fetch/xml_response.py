"""Parse XML responses, without document types and entities."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from paperreader.fetch.http.errors import FetchError, TransientError


def parse_xml(data: bytes, host: str, name: str) -> Element:
    """Return the root element of a response.

    Args:
        data: the response.
        host: where it is from, for messages.
        name: what it is, for messages: "feed".

    Raises:
        TransientError: it is incomplete.
        FetchError: it declares a document type or entities.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FetchError(
            f"{host} returned XML with a document type or entities, which is not accepted."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise TransientError(FetchError(f"The {name} of {host} is incomplete; try again later.")) from error
    return root
