"""The results as a file: the same figures as the page, no others. Cells are text or numbers, never formulas."""

import csv
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from i2a import clock
from i2a.spreadsheets import BOM, Line, safe
from i2a.wall_time import say_full_day, say_time
from surveys.results.figures import Figure
from surveys.results.page import Results, figures_of, tiles_of
from surveys.results.words import hidden

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = [60, 24, 12]


def csv_of(results: Results, by: Any) -> bytes:
    writer = csv.writer(Line())
    lines: list[bytes] = [writer.writerow(safe(cells)) for cells in lines_of(results, by)]  # type: ignore[misc]
    return BOM.encode() + b"".join(lines)


def xlsx_of(results: Results, by: Any) -> bytes:
    file = BytesIO()
    texts_stay_texts = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, {"in_memory": True, **texts_stay_texts}) as book:
        sheet = book.add_worksheet(results.survey.ref)
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for column, width in enumerate(WIDTHS):
            sheet.set_column(column, column, width, wrapped)
        for row, cells in enumerate(lines_of(results, by)):
            is_heading = len(cells) > 1 and isinstance(cells[1], str) and cells[0] != ""
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell, bold if row == 0 or is_heading else wrapped)
    return file.getvalue()


def lines_of(results: Results, by: Any) -> Iterator[list[Any]]:
    survey, now = results.survey, clock.now()
    yield [survey.title]
    said = {"ref": survey.ref, "person": by, "day": say_full_day(now), "time": say_time(now)}
    yield [_("%(ref)s, results by %(person)s, %(day)s, %(time)s. Counts of 1 to 4 are never shown.") % said]
    if results.chosen:
        yield [_("Only: %(part)s") % {"part": results.chosen.name}, results.chosen.said]
    for tile in tiles_of(results):
        yield [tile.label, tile.figure, tile.note]
    for figure in figures_of(results):
        yield []
        yield from lines_of_figure(figure)


def lines_of_figure(figure: Figure) -> Iterator[list[Any]]:
    yield [figure.headline]
    yield [figure.about]
    yield [figure.definition]
    if figure.bars:
        yield list(figure.heads)
    for bar in figure.bars:
        numbers: list[Any] = [number for number in (bar.count, bar.share) if number is not None]
        yield [bar.label, *(numbers or [hidden()])]
