import time

BLOG_AUTHOR = "Ola Berg"
BLOG_TITLE = "Bells and Towers"
SITE_URL = "https://bells.test/"
BLOG_DESCRIPTION = "What rings, and where"
DEFAULT_LANG = "en"
TIMEZONE = "Europe/Oslo"
POSTS = (
    ("posts/*.md", "log", "post.tmpl"),
    ("posts/*.rst", "log", "post.tmpl"),
)
PAGES = (("pages/*.md", "", "page.tmpl"),)
CONTENT_FOOTER = f"(c) {time.gmtime().tm_year}"
