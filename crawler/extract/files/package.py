"""Zip packages and the XML in them, with every size checked while unpacking."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.extract.files.parts import Budget, Refused

_CHUNK = 1 << 16


class Package:
    """A zip archive. Raises `Refused` for what is no archive, encrypted, or too large once unpacked."""

    def __init__(self, body: bytes, budget: Budget) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(body))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused("unreadable", f"not an archive: {error}") from error
        self._budget = budget
        self._entries = {name_of(info): info for info in self._zip.infolist()[: budget.limits.entries + 1]}
        if len(self._zip.infolist()) > budget.limits.entries:
            raise Refused("too_large", f"{len(self._zip.infolist())} entries; the limit is {budget.limits.entries}")

    @property
    def names(self) -> list[str]:
        """The entries' names, in the archive's order, folders left out."""
        return [name for name, info in self._entries.items() if not info.is_dir()]

    def bytes(self, name: str) -> bytes:
        """An entry's content, unpacked no further than the limits allow: declared sizes are not believed."""
        info = self._entries.get(name.lstrip("/"))
        if info is None:
            raise Refused("unreadable", f"no entry {name[:120]}")
        if info.flag_bits & 1:
            raise Refused("encrypted", f"entry {name[:120]}")
        limit = self._budget.limits.part
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise Refused("too_large", f"entry {name[:120]} unpacks to more than {limit} bytes")
                    self._budget.unpack(len(chunk))
                    chunks.append(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise Refused("unreadable", f"entry {name[:120]}: {error}") from error
        return b"".join(chunks)

    def xml(self, name: str) -> etree._Element:
        """An entry as XML."""
        return parse_xml(self.bytes(name))


def parse_xml(body: bytes) -> etree._Element:
    """XML without entities, document types, network and giant texts. Raises `Refused`."""
    # Office formats have no document type: whoever sends one wants entities to be expanded.
    if b"<!DOCTYPE" in body[:4096] or b"<!ENTITY" in body:
        raise Refused("unreadable", "XML with a document type")
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True
    )
    try:
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Refused("unreadable", f"XML: {error}") from error


def name_of(info: zipfile.ZipInfo) -> str:
    """An entry's name; Chinese archives of Windows hold it as GBK without saying so."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = info.filename
    return name.lstrip("/")


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def below(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """All elements of a local name below an element, in order."""
    return (e for e in element.iter() if local(e) == name)
