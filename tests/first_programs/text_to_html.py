"""A post that lies in a string becomes HTML for a page of one's own."""

import clothbound

posts = clothbound.read("# The harbour\n\nThe *ferry* was late again.\n", "markdown")
post = posts[0]
print(f"<article><h2>{post.title}</h2>{clothbound.to_html(post, title=False)}</article>")
