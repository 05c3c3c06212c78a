"""All that is known of Substack's format, for readers and writers alike."""
