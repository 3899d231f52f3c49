"""What may be wrong with the installation as a whole."""

from backend.config.doctor import database, environment, jobs, outside

CHECKS = [*database.CHECKS, *environment.CHECKS, *jobs.CHECKS, *outside.CHECKS]
