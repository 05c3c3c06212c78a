SITENAME = "P"
PATH = "content"
