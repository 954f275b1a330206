"""The errors that people get to read."""


class PaperreaderError(Exception):
    """Something went wrong that a person can act on.

    The message is one sentence that says what happened and what to do about it. The command line prints it on
    standard error, the reader shows it in a toast; neither shows a traceback.
    """


class StorageError(PaperreaderError):
    """A file of the library could not be read or written."""


class LockTimeout(StorageError):
    """Another process held a lock for longer than we wait."""


class SettingsError(PaperreaderError):
    """`config.toml` has a mistake in it, or cannot be read."""


class MailError(PaperreaderError):
    """A mail could not be sent."""


class NotFound(PaperreaderError):
    """No paper answers to that id."""


class Ambiguous(PaperreaderError):
    """Several papers answer to that id prefix."""


class UsageError(PaperreaderError):
    """The command line was wrong in a way that only shows once it is looked at (exit code 2)."""
