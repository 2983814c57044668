"""The connection to a cluster, and what its errors mean for us."""

from __future__ import annotations

import pathlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from crawler.config import ElasticsearchConfig
from crawler.errors import ConfigError, IndexUnavailable, QueryError

if TYPE_CHECKING:
    from elasticsearch import Elasticsearch

#: Servers that an 8.19 client speaks to.
MAJORS = (8, 9)
#: Seconds for one request; a rebuild's refresh takes the longest.
TIMEOUT = 30.0
LATER = "Nothing is lost: the queue waits in the database. See `talentwatch doctor`."


class IndexOutdated(IndexUnavailable):
    """The index in the cluster was made by another version of this program: a rebuild mends it."""


class IndexMissing(IndexUnavailable):
    """The cluster has no index of ours."""


def connect(config: ElasticsearchConfig) -> Elasticsearch:
    """A client that tries each request once: our outbox is the retry. Opens no connection yet."""
    # Imported here: it costs .9 s, and only those pay who use a cluster.
    from elasticsearch import Elasticsearch, ElasticsearchWarning

    warnings.filterwarnings("ignore", message=".*security features are not enabled", category=ElasticsearchWarning)
    parts = urlsplit(config.url or "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"elasticsearch.url {config.url!r} is no address", "Write https://host:9200.")
    options: dict[str, Any] = {"request_timeout": TIMEOUT, "max_retries": 0, "retry_on_timeout": False}
    if config.api_key:
        options["api_key"] = config.api_key
    elif parts.username:
        options["basic_auth"] = (unquote(parts.username), unquote(parts.password or ""))
    if parts.scheme == "https":
        if config.ca_certs:
            if not pathlib.Path(config.ca_certs).is_file():
                raise ConfigError(
                    f"elasticsearch.ca_certs: there is no file {config.ca_certs}",
                    "Point it at the cluster's CA (PEM).",
                )
            options["ca_certs"] = config.ca_certs
        if config.fingerprint:
            options["ssl_assert_fingerprint"] = config.fingerprint
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    try:
        return Elasticsearch(urlunsplit((parts.scheme, f"{host}:{port}", parts.path, "", "")), **options)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"elasticsearch can't be set up: {error}", "Check elasticsearch.ca_certs and url."
        ) from error


@contextmanager
def translated() -> Iterator[None]:
    """The client's errors as ours."""
    import elasticsearch

    try:
        yield
    except elasticsearch.UnsupportedProductError as error:
        raise IndexUnavailable(
            f"the server is no Elasticsearch that we know: {error}", "Use Elasticsearch 8.x or 9.x."
        ) from error
    except elasticsearch.ApiError as error:
        raise _typed(error) from error
    except elasticsearch.TransportError as error:
        if any(word in str(error.message).lower() for word in ("certificate", "fingerprint")):
            raise IndexUnavailable(
                f"the cluster's certificate isn't trusted: {error.message}",
                "Set elasticsearch.ca_certs or elasticsearch.fingerprint to the cluster's own.",
            ) from error
        raise IndexUnavailable(f"Elasticsearch is out of reach: {error.message}", LATER) from error


def check_server(client: Elasticsearch) -> None:
    """Raise `IndexUnavailable` for a server that is too old or too new."""
    with translated():
        number = str(client.info()["version"]["number"])
    if int(number.split(".")[0]) not in MAJORS:
        raise IndexUnavailable(f"Elasticsearch {number} is not supported", "Use 8.x or 9.x.")


def _typed(error: Any) -> Exception:
    status, text = int(error.meta.status), str(error)
    if status == 401:
        return IndexUnavailable(
            "Elasticsearch refuses our key (401)", "Check elasticsearch.api_key: expired or wrong?"
        )
    if status == 403:
        if "read-only" in text or "read_only" in text or "FORBIDDEN/12" in text:
            return IndexUnavailable(
                "the index is read-only: the cluster's disk is too full", f"Free space on the nodes. {LATER}"
            )
        return IndexUnavailable(f"the key lacks a right (403): {text[:300]}", "Give the key the crawler's role.")
    if status == 404:
        return IndexMissing(f"the cluster has no index of ours: {text[:200]}", "Run `talentwatch index sync`.")
    if "too_many" in text or "maxClauseCount" in text:
        return QueryError("the query has too many words for the cluster", "Search for fewer words.")
    if status in (429, 502, 503, 504):
        return IndexUnavailable(f"Elasticsearch is overloaded or starting ({status})", LATER)
    return IndexUnavailable(f"Elasticsearch answers {status}: {text[:500]}", LATER)
