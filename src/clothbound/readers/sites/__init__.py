"""What a folder of posts has from the site of which it is a part: one module for each generator."""
