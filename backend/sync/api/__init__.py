"""The phone's addresses (FIELD_PROTOCOL): sign in, push, files, pull."""
