"""What the tests ask of a page of follow-ups."""

import re
from html import unescape


def beside(response, name):
    """The words of one field: its label, its hint and what is wrong with it."""
    start = response.content.decode().split(f'id="div_id_{name}"', 1)[1]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.split(r'id="div_id_|<button', start)[0])))
