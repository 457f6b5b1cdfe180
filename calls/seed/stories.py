"""What apps above calls add to the demonstration: each registers a function in its `ready()`."""

from collections.abc import Callable
from datetime import datetime

from access.models import User

Story = Callable[[dict[str, User], datetime], None]
stories: list[Story] = []


def register(story: Story) -> None:
    stories.append(story)
