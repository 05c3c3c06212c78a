"""Sets a book with Typst: turns the tree of each chapter into Typst's source, and compiles it."""
