"""The pictures that a body consists of (图解), as attachments without text: OCR may read them later."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from crawler.extract.blocks import Image
from crawler.model import Attachment
from crawler.model.values import PICTURE_TYPES
from crawler.urls import canonical

#: A 图解 is one long picture or a dozen; a page with more is an album.
MOST = 30


def body_pictures(images: Iterable[Image], base: str) -> tuple[Attachment, ...]:
    """Each address once, in page order, named after its alternative text, else after its file."""
    found: dict[str, Attachment] = {}
    for image in images:
        url = canonical(image.src, base)
        if url is None or url in found:
            continue
        path = urlsplit(url).path
        ending = posixpath.splitext(path)[1].lstrip(".").lower()
        name = image.alt[:100] or unquote(posixpath.basename(path)) or f"图片{len(found) + 1}"
        # A server that hides the ending serves a picture all the same: the page shows it as one.
        found[url] = Attachment(url, name, ending if ending in PICTURE_TYPES else "jpg")
        if len(found) == MOST:
            break
    return tuple(found.values())
