"""An upload over the limit is stopped when it starts, before its bytes are kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from oneworkforce.errors import Invalid


class Limited(FileUploadHandler):
    """No file of a request may pass the limit; the person is told the limit and what to do instead."""

    def handle_raw_input(self, input_data: Any, META: dict[str, Any], content_length: int, *rest: Any) -> None:
        """The request goes on only where the length it declares is within the limit."""
        self._stop_above(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Counting starts again with each file."""
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The chunk goes on to the next handler, unless the file has passed the limit."""
        self.received += len(raw_data)
        self._stop_above(self.received)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps the file."""

    def _stop_above(self, size: int) -> None:
        limit = settings.ONEWORKFORCE_UPLOAD_LIMIT
        if size > limit:
            raise Invalid(
                f"The upload is larger than {limit // 1024**2} MB, so it was stopped and nothing was kept. "
                "Send one month at a time, or ask the city team about the command line."
            )
