"""What type checkers refuse: each line with a remark has an error of that kind, and no other line has one."""

import clothbound
from clothbound import model, options
from clothbound.model import Heading, Link, Post, rewrite, walk

posts = clothbound.read("posts/")
post = posts[0]

clothbound.read("posts/", clothbound.Epub())  # error: arg-type
clothbound.read("posts/", model.Text("markdown"))  # error: arg-type
clothbound.write(posts, clothbound.MarkdownInput())  # error: arg-type
clothbound.write(posts, options.Epub)  # error: arg-type
clothbound.write(posts, options.Epub(toc_depth="2"))  # error: arg-type
clothbound.write(posts, options.Epub(toc_deep=2))  # error: call-arg
clothbound.write(posts, options.Pdf(engine="latex"))  # error: arg-type
clothbound.convert("a.md", "a.epub", reader=clothbound.Epub())  # error: arg-type
clothbound.convert("a.md", "a.epub", writer=clothbound.JsonInput())  # error: arg-type
clothbound.convert_many(["a.md"], to=clothbound.HtmlInput(), folder="out")  # error: arg-type
clothbound.convert_many(["a.md"], to="html", reader=options.Html(), folder="out")  # error: arg-type
clothbound.book(posts, order=clothbound.Order(parts="month"))  # error: arg-type
clothbound.book(posts, clothbound.Select(after=2021))  # error: arg-type
clothbound.to_html(post, pictures="embed")  # error: arg-type
clothbound.read("posts/", on_error="ignore")  # error: arg-type
for link in walk(post, Link):
    print(link.level)  # error: attr-defined
for heading in walk(post, Heading, Link):
    print(heading.level)  # error: union-attr
text: str = rewrite(post, lambda node: node)  # error: assignment
rewrite(post, lambda node: "words", {Link})  # error: arg-type, return-value
rewrite("words", lambda node: node)  # error: call-overload
post.body = ()  # error: misc
Post(body=[])  # error: arg-type
