"""Files in the formats of annexes, made by us (synthetic)."""

from __future__ import annotations

import io
import struct
import zipfile


def zipped(entries: dict[str, bytes | str], *, compress: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(pages: list[list[str]], *, picture: bool = False) -> bytes:
    """Lines by page, in a font that every reader knows (UniGB-UCS2-H); or pictures without text."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    add(b"<< /Type /Catalog /Pages 2 0 R >>")
    add(b"")
    add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        b"/DescendantFonts [4 0 R] >>"
    )
    add(
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) "
        b"/Ordering (GB1) /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light "
        b"/Flags 6 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 "
        b"/StemV 80 >> >>"
    )
    image = add(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
        b"/Length 1 >>\nstream\n\x00\nendstream"
    )
    kids = []
    for lines in pages:
        if picture:
            stream = b"q 500 0 0 700 40 40 cm /Im1 Do Q"
        else:
            shown = b"".join(b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*\n" for line in lines)
            stream = b"BT /F1 12 Tf 16 TL 50 780 Td\n" + shown + b"ET"
        content = add(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(
            add(
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources "
                b"<< /Font << /F1 3 0 R >> /XObject << /Im1 %d 0 R >> >> >>" % (content, image)
            )
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out, places = b"%PDF-1.5\n", []
    for i, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (i, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(inside: str) -> bytes:
    return zipped(
        {"word/document.xml": f'<?xml version="1.0"?><w:document {W}><w:body>{inside}</w:body></w:document>'}
    )


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def xlsx(rows: str, *, shared: str = "", styles: str = "") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    entries: dict[str, bytes | str] = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="补贴名单" sheetId="1" '
        'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships xmlns="
        '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    if shared:
        entries["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{shared}</sst>'
    if styles:
        entries["xl/styles.xml"] = f'<styleSheet xmlns="{main}">{styles}</styleSheet>'
    return zipped(entries)


def ofd(pages: list[str]) -> bytes:
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(pages)))
    entries: dict[str, bytes | str] = {
        "OFD.xml": f"<ofd:OFD {ns}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {ns}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for i, content in enumerate(pages):
        entries[f"Doc_0/Pages/Page_{i}/Content.xml"] = (
            f"<ofd:Page {ns}><ofd:Content>{content}</ofd:Content></ofd:Page>"
        )
    return zipped(entries)


def ofd_text(text: str, x: float, y: float, wide: float = 60) -> str:
    return f'<ofd:TextObject Boundary="{x} {y} {wide} 5"><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject>'


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file: header, one allocation table, the streams, the directory."""
    ordered = sorted(streams.items(), key=lambda s: (len(s[0]), s[0].upper()))
    sectors: list[bytes] = []
    table: list[int] = [0xFFFFFFFD]  # sector 0 is the table itself
    starts = []
    for _, content in ordered:
        content = content.ljust(4096, b"\0")  # shorter ones would live in the mini stream
        pieces = [content[i : i + 512].ljust(512, b"\0") for i in range(0, len(content), 512)]
        starts.append(len(table))
        table += [*range(len(table) + 1, len(table) + len(pieces)), 0xFFFFFFFE]
        sectors += pieces

    def entry(name: str, kind: int, start: int, size: int, right: int, child: int) -> bytes:
        label = name.encode("utf-16-le")
        return (
            label.ljust(64, b"\0") + struct.pack("<HBB", len(label) + 2, kind, 1)
            + struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<IQ", start, size)
        )  # fmt: skip

    directory = entry("Root Entry", 5, 0xFFFFFFFE, 0, 0xFFFFFFFF, 1)
    for i, ((name, content), start) in enumerate(zip(ordered, starts, strict=True), 1):
        right = i + 1 if i < len(ordered) else 0xFFFFFFFF
        directory += entry(name, 2, start, max(4096, len(content)), right, 0xFFFFFFFF)
    pieces = [directory[i : i + 512].ljust(512, b"\0") for i in range(0, len(directory), 512)]
    first = len(table)
    table += [*range(len(table) + 1, len(table) + len(pieces)), 0xFFFFFFFE]
    sectors += pieces
    assert len(table) <= 128
    fat = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIII", 0, 1, first, 0, 4096)
    header += struct.pack("<IIII", 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return header + fat + b"".join(sectors)


def doc(text: str, *, flags: int = 0x0200) -> bytes:
    """A Word file of two pieces: the first half as UTF-16, the rest too, at another place."""
    half = len(text) // 2
    first, second = text[:half].encode("utf-16-le"), text[half:].encode("utf-16-le")
    main = bytearray(0x400)
    struct.pack_into("<H", main, 0, 0xA5EC)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<i", main, 0x4C, len(text))
    table = struct.pack("<III", 0, half, len(text))
    table += struct.pack("<HIH", 0, 0x400, 0) + struct.pack("<HIH", 0, 0x400 + len(first), 0)
    clx = b"\x01\x02\x00\xff\xff" + b"\x02" + struct.pack("<I", len(table)) + table
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    return ole({"WordDocument": bytes(main) + first + second, "1Table": clx})


def xls(rows: list[list[str | float]]) -> bytes:
    """A workbook of Excel 5 with one sheet."""

    def record(kind: int, content: bytes) -> bytes:
        return struct.pack("<HH", kind, len(content)) + content

    cells = b""
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            place = struct.pack("<HHH", y, x, 0)
            if isinstance(value, str):
                label = value.encode("gb18030")
                cells += record(0x204, place + struct.pack("<H", len(label)) + label)
            else:
                cells += record(0x203, place + struct.pack("<d", value))
    sheet = record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + cells + record(0x0A, b"")
    name = "名单".encode("gb18030")
    head = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", 936))
    listed = 4 + 6 + 1 + len(name)
    offset = len(head) + listed + 4
    head += record(0x85, struct.pack("<IHB", offset, 0, len(name)) + name) + record(0x0A, b"")
    return ole({"Book": head + sheet})
