import os

SITENAME = "Ferns"
SITEURL = "https://" + os.environ["HOST"]
AUTHOR = "Wim Dael"
TIMEZONE = "Asia/Tokyo"
DEFAULT_LANG = "en"
PATH = "content"
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
DEFAULT_METADATA = {"status": "draft"}
WITH_FUTURE_DATES = False
raise SystemExit("this file must not run")
