"""Mistakes have one kind of error, and it says what to do."""

import clothbound
from clothbound.errors import ClothboundError, NoPostsError


def attempt(path: str, tag: str) -> str:
    try:
        posts = clothbound.read(path)
        return clothbound.book(posts, clothbound.Select(tags=[tag])).info.title
    except NoPostsError as error:
        return f"nothing to print: {error.message}"
    except ClothboundError as error:
        return f"{type(error).__name__}: {error.message} ({error.hint})"


print(attempt("no/such/folder", "harbour"))
print(attempt("posts/", "harbor"))
print(attempt("posts/", "harbour"))
