"""A part of the year, by months, each as its own page too."""

from datetime import date, datetime

import clothbound
from clothbound import Order, Select

posts = clothbound.read("posts/")
spring = clothbound.book(
    posts, Select(after=date(2021, 3, 1), before="2021-06-01"), order=Order(parts="months")
)
print([part.title for part in spring.parts])
print(len(clothbound.book(posts, Select(after=datetime(2021, 5, 1, 12), timezone="Europe/Oslo"))))

for post in spring:
    page = clothbound.to_html(post, pictures="inline", css="p { margin: 0 }")
    print(post.slug, len(page) > 100)
print(posts[spring[0].slug].title)
