"""What changes the papers of the library: import, fetch, subscriptions, the index, and changes by other processes.

Only `reader_controllers` and other controllers import these modules.
"""
