"""What Prometheus reads at `/metrics`: requests, stages, queue, generation, encoder.

Not for the log. prometheus_client is imported here only; each application has a registry of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from api import wire

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)
STAGES = ("queue", "encode", "search", "write")


class Metrics:
    """Safe to call from several threads."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        GCCollector(registry=registry)
        self._requests = Histogram(
            *("dubhashi_http_request_seconds", "Time to answer, by address and status"),
            ("address", "status"), buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._stages = Histogram(
            *("dubhashi_stage_seconds", "Time of a search's stages; `search` includes `encode`"),
            ("stage",), buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._each = {stage: self._stages.labels(stage) for stage in STAGES}
        self._refused = Counter(
            *("dubhashi_refused_total", "Requests refused by the server, by code"),
            ("code",),
            registry=registry,
        )
        self._switches = Counter("dubhashi_switches_total", "Generations put in force", registry=registry)
        self._failures = Counter(
            "dubhashi_open_failures_total", "Generations that could not be opened", registry=registry
        )
        self._gauges = {
            name: Gauge(f"dubhashi_{name}", about, registry=registry)
            for name, about in (
                ("generation", "The generation in force, 0 if none is"),
                ("passages", "Passages in it"),
                ("dimension", "Values of a vector"),
            )
        }
        self._encoder = Info("dubhashi_encoder", "The encoder in force", registry=registry)

    def request(self, address: str, status: int, seconds: float) -> None:
        self._requests.labels(address, str(status)).observe(seconds)

    def refused(self, code: str) -> None:
        self._refused.labels(code).inc()

    def stage(self, stage: str, seconds: float) -> None:
        self._each[stage].observe(seconds)

    def watch(self, name: str, about: str, value: Callable[[], float]) -> None:
        """A gauge that is asked when it is read."""
        Gauge(f"dubhashi_{name}", about, registry=self.registry).set_function(value)

    def opened(self, info: Mapping[str, object]) -> None:
        self._switches.inc()
        for name, gauge in self._gauges.items():
            value = info.get(name, 0)
            gauge.set(float(value) if isinstance(value, (int, float)) else 0.0)
        names = {key: wire.public_name(str(info.get(key, ""))) for key in ("encoder", "fingerprint")}
        self._encoder.info({"name": names["encoder"], "fingerprint": names["fingerprint"]})

    def failed(self) -> None:
        self._failures.inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
