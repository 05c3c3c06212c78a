"""The letters of a year become an e-book and a printed book."""

import clothbound

posts = clothbound.read("posts/")
book = clothbound.book(posts, year=2021, title="Letters", authors="Marit Solberg")
for options in (clothbound.Epub(toc_depth=2), clothbound.Pdf(page="A5", engine="typst")):
    report = clothbound.write(book, options).save(f"letters.{options.format}")
    print(options.format, len(book), "posts,", report.dropped, "dropped")
