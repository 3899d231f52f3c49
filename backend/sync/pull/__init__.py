"""What a phone carries: documents of a site, each whole (FIELD_PROTOCOL 'Pulling')."""
