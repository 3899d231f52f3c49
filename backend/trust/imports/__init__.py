"""Imports: tables read into rows, a trial that says what would happen and what is wrong, all or nothing, and back again.

One home for every importer. A kind (`Kind`) says its columns, plans its rows, and applies its plan through the actions; what
is common to all (headers, cells, faults, progress, remembering, undoing) is here.
"""
