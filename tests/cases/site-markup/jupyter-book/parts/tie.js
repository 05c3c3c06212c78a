tie("a")
