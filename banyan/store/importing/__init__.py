"""Importing products from a sheet: reading the file, reading its rows, making the products."""
