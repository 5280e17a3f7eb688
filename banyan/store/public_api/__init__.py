"""What buyers may see and do, over HTTP; a file a noun."""
