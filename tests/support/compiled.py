"""Templates are compiled once for a run, not once for each test's application."""

from __future__ import annotations

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.support.servers import run_directory


def share_compiled_templates() -> None:
    """For every application that this process makes from now on."""
    folder = run_directory() / "templates"
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(str(folder))}
