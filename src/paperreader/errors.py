"""Errors whose message is shown to the user."""


class PaperreaderError(Exception):
    """Something went wrong that the user can act on.

    The message is one sentence that says what happened and what to do. The command line prints it on standard error,
    the reader shows it in a notification; neither shows a traceback.
    """


class StorageError(PaperreaderError):
    """A file of the library could not be read or written."""


class RepairRefused(StorageError):
    """A repair would remove more than a few damaged lines, and the user has not insisted on it."""

    def __init__(self, message: str, losses: tuple[str, ...]) -> None:
        super().__init__(message)
        self.losses = losses
        """What would be removed, one sentence each."""


class LockTimeout(StorageError):
    """Another process held a lock for longer than the timeout."""


class SettingsError(PaperreaderError):
    """`config.toml` contains an error, or cannot be read."""


class MailError(PaperreaderError):
    """A mail could not be sent."""


class NotFound(PaperreaderError):
    """No paper, source, backup or subscription matches."""


class Ambiguous(PaperreaderError):
    """Several papers match an id prefix."""


class NotAFullText(PaperreaderError):
    """A page or a file contains no full text of a paper, or not that of the expected one."""


class UsageError(PaperreaderError):
    """The command line is wrong in a way that is only detected when it is executed (exit code 2)."""
