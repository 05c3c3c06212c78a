"""Shows posts in a browser while they are written: as web page, e-book chapter and printed pages."""
