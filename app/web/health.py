"""For whoever runs the place: is it up, and how does it fare."""

from __future__ import annotations

import time
from typing import Final

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text

from app.kernel.ids import new_code
from app.platform.database import db

REQUESTS: Final = Counter(
    "kinmarket_requests_total", "Answers by endpoint and status", ["endpoint", "status"]
)
SECONDS: Final = Histogram(
    "kinmarket_request_seconds", "Time to answer by endpoint", ["endpoint"]
)


def init_health(app: Flask) -> None:
    """`/healthz`, `/metrics`, and the measuring itself."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/metrics", "metrics", metrics)

    @app.before_request
    def begin() -> None:
        g.kin_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=new_code(), path=request.path)

    @app.after_request
    def measure(response: Response) -> Response:
        began = g.pop("kin_began", None)
        if began is not None:
            endpoint = request.endpoint or "none"
            REQUESTS.labels(endpoint, response.status_code).inc()
            SECONDS.labels(endpoint).observe(time.perf_counter() - began)
        return response


def healthz() -> Response:
    """200 when this process reaches its database."""
    db.session.execute(text("SELECT 1"))
    return Response("ok\n", content_type="text/plain")


def metrics() -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
