"""The book set by Typst: from the model to Typst's source, and the engine that compiles it."""
