"""Many conversions, on any executor: their keys, records and files."""
