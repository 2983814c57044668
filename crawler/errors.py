"""Every error that TalentWatch raises on purpose.

::

    TalentWatchError            something failed; exit status 1
    ├── UsageError              the call or its arguments are wrong; exit status 2
    │   ├── ConfigError         the configuration file or an environment variable
    │   ├── SiteError           a site's TOML
    │   └── QueryError          a search or a subscription's query
    ├── StorageError            the database or a file of ours
    │   ├── DatabaseBusy        locked by another process for longer than the busy timeout
    │   ├── DatabaseDown        the server is out of reach, or was restarted in a transaction
    │   ├── DatabaseReadOnly    the file or the server refuses writing
    │   ├── DatabaseVersion     the schema is older or newer than this program
    │   ├── DiskFull            no space left
    │   ├── EvidenceDamaged     a kept response is not as it was kept
    │   │   └── EvidenceMissing its file is not there (a NotFound, too)
    │   └── NotFound            no such release, subscription, site
    ├── IndexUnavailable        the search index is out of reach; its lag grows, nothing is lost
    ├── FetchError              a page could not be had
    │   └── ForbiddenAddress    the SSRF guard refused an address
    └── DeliveryError           a receiver did not take a message
        ├── DeliveryRefused     for good: the address or the content
        └── DeliveryDeferred    for now: try again later
            └── ReceiverDown    the server itself: what else goes there waits too
                └── MailServerAway  ours, before it was told of any message

Each carries ``mend``: one sentence that says what the reader can do about it. What people may meet on
the pages carries a ``code`` too, which never changes, and the ``facts`` that its sentence is made of, so
that it can be said in their language (crawler/web/words.toml).
"""

from __future__ import annotations


class TalentWatchError(Exception):
    """Something failed in a way that we foresaw."""

    exit_status = 1

    def __init__(self, message: str, mend: str = "", *, code: str = "", **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.message}\n  → {self.mend}" if self.mend else self.message


class UsageError(TalentWatchError):
    """The call is wrong."""

    exit_status = 2


class ConfigError(UsageError):
    """The configuration file or an environment variable is wrong."""


class SiteError(UsageError):
    """A site's TOML is wrong, or there is no such site."""


class QueryError(UsageError):
    """A query that can't be understood."""


class StorageError(TalentWatchError):
    """The database or a file of ours can't be used."""


class DatabaseBusy(StorageError):
    """Another process held the database for longer than the busy timeout."""


class DatabaseDown(StorageError):
    """The database server is out of reach; a transaction that it interrupted never happened."""


class DatabaseReadOnly(StorageError):
    """The database refuses writing."""


class DatabaseVersion(StorageError):
    """The schema is not the one that this program knows."""


class DiskFull(StorageError):
    """No space left on the device."""


class NotFound(StorageError):
    """No such release, subscription or site."""


class EvidenceDamaged(StorageError):
    """A kept response's file does not hold what was kept."""


class EvidenceMissing(EvidenceDamaged, NotFound):
    """A kept response's file is not there."""


class IndexUnavailable(TalentWatchError):
    """The search index is out of reach."""


class FetchError(TalentWatchError):
    """A page could not be had."""


class ForbiddenAddress(FetchError):
    """The SSRF guard refused an address."""


class DeliveryError(TalentWatchError):
    """A receiver did not take a message."""


class DeliveryRefused(DeliveryError):
    """The receiver refused for good."""


class DeliveryDeferred(DeliveryError):
    """The receiver could not take it now; try again later."""


class ReceiverDown(DeliveryDeferred):
    """The receiving server is out of reach or wants other settings: no fault of the message."""


class MailServerAway(ReceiverDown):
    """Our mail server, before it was told of the message: that was no attempt of its own."""
