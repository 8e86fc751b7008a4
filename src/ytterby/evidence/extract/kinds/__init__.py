"""Home to the kinds of claims: one small file each, and the table that says which goes first."""
