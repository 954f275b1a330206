"""The papers that have arrived in a library: which are new, which rules hide, and which were deleted."""
