"""What every address of the API shares: bounded pages, strict parameters and bodies, rows cut to the asker's scope."""
