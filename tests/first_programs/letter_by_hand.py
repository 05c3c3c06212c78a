"""A post that no file holds, made of nodes."""

from datetime import UTC, datetime

import clothbound
from clothbound.model import Emphasis, Heading, Metadata, Paragraph, Post, Text

post = Post(
    metadata=Metadata(title="By hand", date=datetime(2021, 4, 1, tzinfo=UTC), authors=["Marit"]),
    blocks=[
        Heading(2, [Text("Morning")]),
        Paragraph([Text("The ferry was "), Emphasis([Text("late")]), Text(".")]),
    ],
)
print(clothbound.to_html(post))
print(clothbound.write(post, "markdown").to_text())
