"""A line drawn on the server: widths in per cent, heights in pixels, so that text never shrinks. No inline style."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

HEIGHT, BASE, TOP = 190, 160, 18
LEFT, RIGHT = 10.0, 97.0
MOST_LABELS = 5
GRID = '<line class="grid" x1="7%" x2="100%" y1="{}" y2="{}"/><text class="axis" x="0" y="{}">{}</text>'
LINE = '<line class="line" x1="{}%" y1="{}" x2="{}%" y2="{}"/>'
POINT = '<circle class="pt" cx="{}%" cy="{}" r="4"/>'
LABEL = '<text x="{}%" y="{}" text-anchor="{}">{}</text>'
VALUE = '<text class="val" x="{}%" y="{}" text-anchor="{}">{}</text>'


@dataclass(frozen=True)
class Point:
    label: str
    value: int
    said: str


def line(points: list[Point], title: str, *, low: int, ticks: list[tuple[int, str]]) -> SafeString:
    """`low`: where the axis starts; it ends at 100."""
    heights = [round(BASE - (point.value - low) / (100 - low) * (BASE - TOP), 1) for point in points]
    across = [round(LEFT + (RIGHT - LEFT) * place / (len(points) - 1), 2) for place in range(len(points))]
    grid = [
        (y, y, y + 4, said)
        for value, said in ticks
        for y in [round(BASE - (value - low) / (100 - low) * (BASE - TOP), 1)]
    ]
    steps = zip(across, heights, across[1:], heights[1:], strict=False)
    every = -(-len(points) // MOST_LABELS)
    labels = [(across[at], HEIGHT - 6, anchor(at, points), points[at].label) for at in range(0, len(points), every)]
    ends = [(across[at], heights[at] - 11, anchor(at, points), points[at].said) for at in (0, len(points) - 1)]
    return format_html(
        '<svg height="{}" role="img" aria-label="{}">{}{}{}{}{}</svg>',
        HEIGHT,
        title,
        format_html_join("", GRID, grid),
        format_html_join("", LINE, steps),
        format_html_join("", POINT, zip(across, heights, strict=True)),
        format_html_join("", LABEL, labels),
        format_html_join("", VALUE, ends),
    )


def anchor(place: int, points: list[Point]) -> str:
    return "end" if place == len(points) - 1 else "middle"
