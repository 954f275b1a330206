"""What is trending in a library. Import `report`: `compute_trends` and its result types."""
