"""Shipments of the book across borders: what the law says of each, which licence it draws on, and what if."""
