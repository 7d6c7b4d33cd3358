"""For whoever runs the place: is it up, and how does it fare."""

from __future__ import annotations

import time
from typing import Final

import structlog
from flask import Flask, Response, current_app, g, json, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from app.kernel.ids import new_code
from app.platform.logs import route_of_request
from app.platform.readiness import what_is_missing

REQUESTS: Final = Counter("kinmarket_requests_total", "Answers by endpoint and status", ["endpoint", "status"])
SECONDS: Final = Histogram("kinmarket_request_seconds", "Time to answer by endpoint", ["endpoint"])
GOING_DOWN: Final = "kin_going_down"


def init_health(app: Flask) -> None:
    """`/healthz`, `/readyz`, `/metrics`, and the measuring itself."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)

    @app.before_request
    def begin() -> None:
        g.kin_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=new_code(), route=route_of_request())

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        # What this thread does next is no part of this request.
        structlog.contextvars.clear_contextvars()

    @app.after_request
    def measure(response: Response) -> Response:
        began = g.pop("kin_began", None)
        if began is not None:
            endpoint = request.endpoint or "none"
            REQUESTS.labels(endpoint, response.status_code).inc()
            SECONDS.labels(endpoint).observe(time.perf_counter() - began)
        return response


def going_down(app: Flask) -> None:
    """From now on this process is not ready: whoever spreads the requests takes another."""
    app.extensions[GOING_DOWN] = True


def healthz() -> Response:
    """200 while the process lives, whatever it is without: a restart would not bring the database back."""
    return _told(200, {"status": "alive"})


def readyz() -> Response:
    """200 when this process can serve, otherwise 503 with the names of what is missing."""
    missing = ["stopping"] if current_app.extensions.get(GOING_DOWN) else what_is_missing()
    if missing:
        return _told(503, {"status": "not ready", "missing": missing})
    return _told(200, {"status": "ready", "missing": []})


def _told(status: int, facts: dict[str, object]) -> Response:
    answer = Response(json.dumps(facts) + "\n", status, content_type="application/json")
    answer.headers["Cache-Control"] = "no-store"
    if status == 503:
        answer.headers["Retry-After"] = "5"
    return answer


def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
