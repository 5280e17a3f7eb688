"""What members and API keys may do with the store, over HTTP; a file a noun."""
