"""The addresses of: scheduling: the calendar, bookings, rounds, who is away, the year ahead, calendar feeds."""

from django.urls import path

from backend.office.calendar import away_pages, booking_pages, feed_pages, pages, reassign_pages, round_pages, year_pages

urlpatterns = [
    path("calendar/", pages.calendar, name="calendar"),
    path("calendar/book/", booking_pages.book_page, name="calendar-book"),
    path("calendar/drop/", booking_pages.drop, name="calendar-drop"),
    path("calendar/reassign/", reassign_pages.reassign, name="calendar-reassign"),
    path("calendar/bookings/<uuid:id>/", booking_pages.booking_page, name="booking"),
    path("calendar/bookings/<uuid:id>/move/", booking_pages.move, name="booking-move"),
    path("calendar/bookings/<uuid:id>/cancel/", booking_pages.cancel, name="booking-cancel"),
    path("calendar/rounds/", round_pages.round_list, name="rounds"),
    path("calendar/rounds/new/", round_pages.new, name="round-new"),
    path("calendar/rounds/<uuid:id>/", round_pages.round_page, name="round"),
    path("calendar/rounds/<uuid:id>/order/", round_pages.order, name="round-order"),
    path("calendar/rounds/<uuid:id>/end/", round_pages.end, name="round-end"),
    path("calendar/rounds/<uuid:id>/sheet/", round_pages.sheet, name="round-sheet"),
    path("calendar/away/", away_pages.away_list, name="away"),
    path("calendar/away/<uuid:id>/cancel/", away_pages.cancel, name="away-cancel"),
    path("calendar/away/<uuid:id>/cover/", away_pages.cover, name="away-cover"),
    path("calendar/year/", year_pages.year, name="calendar-year"),
    path("calendar/year/week/", year_pages.week, name="calendar-year-week"),
    path("calendar/year/accept/", year_pages.accept, name="calendar-year-accept"),
    path("calendar/minutes/", year_pages.minutes, name="calendar-minutes"),
    path("calendar/hours/<uuid:id>/", year_pages.hours, name="calendar-hours"),
    path("calendar/feed/<str:secret>.ics", feed_pages.feed, name="calendar-feed"),
    path("account/calendar/", feed_pages.own_feed, name="account-calendar"),
]
