"""A post that no file holds, made of nodes."""

import clothbound
from clothbound.model import Emphasis, Heading, Metadata, Paragraph, Post, Text, Timestamp

post = Post(
    metadata=Metadata(title="By hand", published=Timestamp.of("2021-04-01"), authors=("Marit",)),
    body=(
        Heading((Text("Morning"),), 2),
        Paragraph((Text("The ferry was "), Emphasis((Text("late"),)), Text("."))),
    ),
)
print(clothbound.to_html(post))
print(clothbound.write(post, "markdown").to_text())
