"""The genealogy: which lot came of which, read from the book; shares of origin, and what a lot may claim."""
