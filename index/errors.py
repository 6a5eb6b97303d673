"""Every error a caller may want to catch, in one tree.

DubhashiError
├── InputError           what the caller gave cannot be used
│   ├── SourceError      a source is missing, unreadable or malformed
│   ├── QueryError       a query is empty, too long or asks for the impossible
│   └── SettingsError    a setting has a value that cannot be used
├── EncoderError         an encoder cannot be loaded or misbehaves
│   └── ModelNotFound    its weights are not on this machine
├── IndexError_          something is wrong with an index folder
│   ├── IndexNotFound    there is no index there
│   ├── IndexMismatch    the index was made by another encoder or analyser
│   ├── IndexDamaged     a file is missing, truncated or altered
│   └── IndexLocked      another rebuild holds the folder
├── WorkerLost           a process that searched ended
└── NotFound             a passage or generation of that name does not exist

A message says what happened, where, and what to do next. `code` is stable: HTTP answers and scripts rely on it.
"""

from __future__ import annotations


class DubhashiError(Exception):
    """Base of all errors that this program raises on purpose."""

    code = "error"


class InputError(DubhashiError):
    code = "bad_input"


class SourceError(InputError):
    code = "bad_source"


class QueryError(InputError):
    code = "bad_query"


class SettingsError(InputError):
    code = "bad_settings"


class EncoderError(DubhashiError):
    code = "encoder_failed"


class ModelNotFound(EncoderError):
    code = "model_not_found"


class IndexError_(DubhashiError):  # the underscore keeps the builtin IndexError reachable
    code = "index_error"


class IndexNotFound(IndexError_):
    code = "index_not_found"


class IndexMismatch(IndexError_):
    code = "index_mismatch"


class IndexDamaged(IndexError_):
    code = "index_damaged"


class IndexLocked(IndexError_):
    code = "index_locked"


class WorkerLost(DubhashiError):
    code = "worker_lost"


class NotFound(DubhashiError):
    code = "not_found"
