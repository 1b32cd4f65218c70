"""A portfolio of the project's own: invented claims at every age and stage, the same for the same seed and day."""
