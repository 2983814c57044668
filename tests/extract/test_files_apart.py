"""Files in a process of their own: it may crash, hang or swell, and only the file is refused (synthetic)."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import zlib
from collections.abc import Iterator

import pytest

from crawler.extract import attachment_text
from crawler.extract.attachment_text import Bounds, read_apart, read_file
from crawler.extract.files import apart
from crawler.extract.files.parts import Limits
from tests.extract import file_worlds as made

PDF = made.pdf([["甲市人才安居办法"]])


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    yield
    apart.close()


def child() -> int:
    assert apart._child is not None
    return apart._child._process.pid


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (PDF, "a.pdf"), (made.docx(made.paragraph("甲")), "a.docx"), (made.xls([["姓名", 1500.0]]), "a.xls"),
        (made.doc("甲市办法\r"), "a.doc"), (made.ofd([made.ofd_text("甲", 1, 1)]), "a.ofd"),
        (made.zipped({"a.pdf": PDF}), "a.zip"), (made.pdf([[]], picture=True), "a.pdf"), (PDF[:60], "a.pdf"),
        (made.doc("甲\r", flags=0x0300), "a.doc"), (b"text", "a.txt"),
    ],
)  # fmt: skip
def test_it_says_what_reading_here_says(body: bytes, name: str) -> None:
    assert read_apart(body, name) == read_file(body, name)


def test_a_killed_reader_refuses_its_file_and_the_next_one_is_read() -> None:
    assert read_apart(PDF).state == "read"
    os.kill(child(), 9)
    refused = read_apart(PDF)
    assert (refused.state, refused.evidence) == ("unreadable", "its reader ended with SIGKILL")
    assert read_apart(PDF).state == "read"


def test_the_reader_is_replaced_after_some_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_FILES", 2)
    pids = []
    for _ in range(4):
        read_apart(PDF)
        pids.append(child())
    assert pids[0] == pids[1] != pids[2] == pids[3]


def bomb(pages: int) -> bytes:
    """A PDF whose pages' one content stream draws millions of characters."""
    stream = zlib.compress(b"BT /F1 12 Tf\n" + b"<7532> Tj\n" * 3_000_000 + b"ET", 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (pages, b"3 0 R " * pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 << "
        b"/Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    out = b"%PDF-1.5\n"
    for i, content in enumerate(objects, 1):
        out += b"%d 0 obj\n%s\nendobj\n" % (i, content)
    return out + b"trailer << /Size 5 /Root 1 0 R >>\n%%EOF\n"


def test_an_endless_pdf_is_ended_by_its_cpu_time() -> None:
    read = read_apart(bomb(50), "a.pdf", bounds=Bounds(seconds=1))
    assert read.state == "too_large"
    assert read.evidence == "more than 1 seconds of CPU"


def test_a_pdf_that_swells_ends_in_its_reader_not_here() -> None:
    read = read_apart(bomb(50), "a.pdf", bounds=Bounds(seconds=60, memory=450_000_000))
    assert read.state in ("unreadable", "too_large")
    assert read.evidence
    assert read_apart(PDF).state == "read"


def test_an_answer_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_ANSWER", 100)
    read = read_apart(made.docx(made.paragraph("甲" * 500)))
    assert (read.state, read.text) == ("unreadable", None)
    assert read.evidence.startswith("an answer of ")


EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    f"<w:document {made.W}><w:body>{made.paragraph('&x;')}</w:body></w:document>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_external_entities_are_refused_in_every_package(encoding: str) -> None:
    body = EXTERNAL.encode(encoding)
    sheet: dict[str, bytes | str] = {"xl/workbook.xml": body, "xl/_rels/workbook.xml.rels": b"<a/>"}
    for package in ({"word/document.xml": body}, sheet, {"OFD.xml": body}):
        read = read_apart(made.zipped(package))
        assert read.state in ("unreadable", "empty"), read
        assert "root:" not in repr(read)


def test_macros_are_never_run_and_the_text_is_read() -> None:
    inside = f'<?xml version="1.0"?><w:document {made.W}><w:body>{made.paragraph("办法")}</w:body></w:document>'
    body = made.zipped({"word/document.xml": inside, "word/vbaProject.bin": made.ole({"VBA": b"Shell"})})
    assert read_apart(body, "a.docm").paragraphs == ("办法",)


def test_the_reader_may_write_no_file_and_ends_with_its_parent() -> None:
    code = (
        "import sys; from crawler.extract.attachment_text import read_apart\n"
        "from crawler.extract.files import apart\n"
        "read_apart(sys.stdin.buffer.read(), 'a.pdf'); print(apart._child._process.pid)"
    )
    project = pathlib.Path(attachment_text.__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], input=PDF, capture_output=True, cwd=project, check=True)
    pid = int(done.stdout)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    read_apart(PDF)
    limits = pathlib.Path(f"/proc/{child()}/limits").read_text()
    assert [line.split()[3:5] for line in limits.splitlines() if line.startswith("Max file size")] == [["0", "0"]]


def test_what_is_too_large_is_not_even_sent() -> None:
    assert read_apart(PDF, limits=Limits(size=100)).state == "too_large"
    assert apart._child is None
