"""The book set by Typst: from the tree of each chapter to Typst's source, and the compiler of it."""
