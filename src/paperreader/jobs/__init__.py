"""Long work on a library in a process of its own, so that the reader stays responsive.

The layers above import `jobs.client`; `jobs.main` is the program of the child process.
"""
