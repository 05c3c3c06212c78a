"""The parts of a product, one for each post: made here or in other processes, and kept between runs."""
