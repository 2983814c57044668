"""Text of files, one module a format: bytes to parts with places. Pure, and bounded by `parts.Limits`."""
