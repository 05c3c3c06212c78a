"""What a book says itself: a module for each language, loaded when a book in it is written."""
