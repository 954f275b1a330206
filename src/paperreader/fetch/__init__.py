"""Clients for live services: ask, be patient, remember what was answered, and hand it to the library.

Nothing here reads papers: answers go to the library as bytes, which `sources` reads as it reads a file. What an answer
says is looked at only to know whether it is whole, and whether another page follows.
"""
