"""A table of all posts, the newest first."""

import clothbound

posts = clothbound.read("posts/")
for post in sorted(posts, key=lambda post: str(post.date), reverse=True):
    day = f"{post.date:%d %b %Y}" if post.date else "undated"
    print(f"{day:12} {post.slug:28} {post.title} <{post.url}>")
