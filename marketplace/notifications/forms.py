"""What people choose about how they are told."""

from typing import Any

from pydantic import Field, create_model

from marketplace.core.forms import Form
from marketplace.notifications.models import Rhythm
from marketplace.notifications.topics import Topic

WORDS = {
    Rhythm.AT_ONCE: "At once",
    Rhythm.DAILY: "Once a day, at 8am",
    Rhythm.WEEKLY: "Once a week, on Mondays at 8am",
    Rhythm.OFF: "Never",
}


def field(topic: str) -> str:
    """The name of the question about mail of a kind of news."""
    return topic.replace("-", "_")


_QUESTIONS: dict[str, Any] = {
    field(topic): (Rhythm, Field(title=f"Mail about: {topic.label}", description=topic.hint))
    for topic in Topic
}
Choosing: type[Form] = create_model("Choosing", __base__=Form, **_QUESTIONS)
