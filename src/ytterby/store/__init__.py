"""Home to the project folder: one database, blobs, and folders that are written whole or not at all."""
