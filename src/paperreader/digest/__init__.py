"""What is new, as a document or a mail, and what is on the rise."""
