SITEURL = "https://ferns.test"
