"""A small real PDF out of plain text, so that the demonstration's library has files without any in the repository."""

from textwrap import wrap

LINES_PER_PAGE, CHARACTERS = 46, 88


def pdf_of(title: str, text: str) -> bytes:
    """Letter size, Helvetica, the title larger on the first page."""
    lines = [line for paragraph in text.split("\n") for line in wrap(paragraph, CHARACTERS) or [""]]
    pages = [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)] or [[]]
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _font("Helvetica"), _font("Helvetica-Bold")]
    for number, page in enumerate(pages):
        content = _drawn(title if number == 0 else "", page)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
    kids = b" ".join(b"%d 0 R" % number for number in range(6, len(objects) + 1, 2))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages))
    return _file_of(objects)


def _font(name: str) -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name.encode()


def _drawn(title: str, lines: list[str]) -> bytes:
    heading = [b"/F2 16 Tf 0 0 Td (%s) Tj 0 -28 Td" % _escaped(title)] if title else []
    words = [b"(%s) Tj T*" % _escaped(line) for line in lines]
    return b"\n".join([b"BT 64 724 Td", *heading, b"/F1 10.5 Tf 14 TL", *words, b"ET"])


def _escaped(text: str) -> bytes:
    plain = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return plain.encode("cp1252", "replace")


def _file_of(objects: list[bytes]) -> bytes:
    """Objects with their table of offsets."""
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer
