"""Scheduling: the calendar, bookings, rounds, who is away, the year ahead, calendar feeds."""
