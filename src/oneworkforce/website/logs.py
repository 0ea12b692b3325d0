"""Logs: structlog for ours and everyone else's, as lines to read or as JSON. No body, no cookie, no personal value is logged."""

from __future__ import annotations

from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, as_json: bool, level: str) -> dict[str, Any]:
    """Django's LOGGING, with every record going to standard error through structlog."""
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    shown = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    shown,
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["standard_error"], "level": "WARNING"},
        "loggers": {
            "oneworkforce": {"level": level},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},
            "django_tasks_db": {"level": "WARNING"},
            "axes": {"level": "WARNING"},
        },
    }
