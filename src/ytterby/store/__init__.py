"""Home to the project folder: one database, blobs, folders written whole or not at all; and to child processes."""
