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
LATER = "Nothing is lost: what is queued is sent when it can be."
#: What our key has to be allowed.
RIGHTS = (
    "`talentwatch index roles` prints what a key has to be allowed; indices are made by "
    "`talentwatch index migrate` with a migrator's key."
)


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
        raise _unreached(str(error.message)) from error


def _unreached(words: str) -> IndexUnavailable:
    """No answer: why, as far as the connection's own words tell."""
    said = words.lower()
    if "hostname mismatch" in said or "ip address mismatch" in said:
        return IndexUnavailable(
            f"the cluster's certificate is for another name: {words}",
            "Write elasticsearch.url with a name of the certificate, or trust it by elasticsearch.fingerprint.",
        )
    if "certificate" in said or "fingerprint" in said:
        return IndexUnavailable(
            f"the cluster's certificate isn't trusted: {words}",
            "Set elasticsearch.ca_certs or elasticsearch.fingerprint to the cluster's own.",
        )
    if "wrong_version_number" in said or "record_layer_failure" in said:
        return IndexUnavailable(
            f"the server speaks no TLS at this address: {words}",
            "Write http:// in elasticsearch.url, or the port on which it speaks TLS.",
        )
    mend = "Start it, or check elasticsearch.url"
    if "remote end closed" in said or "connection reset" in said:
        mend += "; a server with TLS wants https://"
    return IndexUnavailable(f"Elasticsearch is out of reach: {words}", f"{mend}. {LATER}")


def check_server(client: Elasticsearch, *, asks: bool = True) -> bool:
    """Raise `IndexUnavailable` for a server that is too old or too new; True where its number is known.

    An analyst's key may not ask for it: it reads what a writer, who asked, has made. ``asks``: that is an error.
    """
    import elasticsearch

    with translated():
        try:
            number = str(client.info()["version"]["number"])
        except elasticsearch.AuthorizationException:
            if asks:
                raise
            return False
    if int(number.split(".")[0]) not in MAJORS:
        raise IndexUnavailable(f"Elasticsearch {number} is not supported", "Use 8.x or 9.x.")
    return True


def refused_key(text: str) -> IndexUnavailable:
    """A 401, by the cluster's own words."""
    if "missing authentication credentials" in text:
        return IndexUnavailable(
            "Elasticsearch wants a key and we have none (401)", "Set elasticsearch.api_key, or its _FILE variable."
        )
    if "api key is expired" in text.lower():
        return IndexUnavailable(
            "our key has expired (401)",
            f"Make another with `talentwatch index roles ROLE --create` for elasticsearch.api_key. {LATER}",
        )
    return IndexUnavailable(
        "Elasticsearch refuses our key (401)",
        "Check elasticsearch.api_key: expired, withdrawn, of another cluster, or not the encoded form?",
    )


def is_full(text: str) -> bool:
    """Whether the cluster blocks writing because a disk is over its flood mark. It says so with 429."""
    return "/12/" in text and "blocked by" in text


def forbidden(text: str) -> IndexUnavailable:
    """A 403, by the cluster's own words: a block on an index or the cluster, or a key without the right."""
    if is_full(text):
        return IndexUnavailable(
            f"the index is read-only, as the cluster's disk is too full: {text[:300]}",
            f"Free space on the nodes. {LATER}",
        )
    if "FORBIDDEN/" in text or "cluster_block_exception" in text:
        return IndexUnavailable(
            f"the cluster refuses writing, as somebody blocked it: {text[:300]}",
            f"Take index.blocks.* or cluster.blocks.* back when the work on it is done. {LATER}",
        )
    return IndexUnavailable(f"the key lacks a right (403): {text[:300]}", f"{RIGHTS} {LATER}")


def _typed(error: Any) -> Exception:
    status, text = int(error.meta.status), str(error)
    if status == 401:
        # Why, the client's own words leave out.
        return refused_key(f"{text} {error.body}")
    if status == 403 or is_full(text):
        return forbidden(text)
    if status == 404:
        return IndexMissing(f"the cluster has no index of ours: {text[:200]}", "Run `talentwatch index sync`.")
    if "too_many" in text or "maxClauseCount" in text:
        return QueryError("the query has too many words for the cluster", "Search for fewer words.")
    if status in (429, 502, 503, 504):
        return IndexUnavailable(f"Elasticsearch is overloaded or starting ({status})", LATER)
    return IndexUnavailable(f"Elasticsearch answers {status}: {text[:500]}", LATER)
