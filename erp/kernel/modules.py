"""Departments and extension apps: built in ones by name, others by the entry point group ``erp.modules``."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from flask import Blueprint, Flask
from jinja2 import ChoiceLoader, FileSystemLoader

from erp.kernel.text import add_catalogue

ORDER = ("model", "rules", "posting", "commands", "jobs", "queries", "reports", "prints", "views", "rights")
KERNEL = (
    "erp.kernel.records", "erp.kernel.merging", "erp.kernel.change", "erp.kernel.rights", "erp.kernel.live", "erp.kernel.work",
    "erp.kernel.paper", "erp.kernel.web", "erp.kernel.flows", "erp.kernel.talk", "erp.kernel.embeds", "erp.kernel.operate",
)  # fmt: skip


class BrokenExtension(ImportError):
    """An extension app is installed but cannot be loaded; the message names it."""


@cache
def departments() -> tuple[str, ...]:
    """Return the packages to load, downward order kept: ours, then extension apps by name."""
    from_entry_points = sorted(point.value for point in entry_points(group="erp.modules"))
    return tuple(from_entry_points)


def app_folders(name: str) -> list[tuple[str, Path]]:
    """Return (package, folder) of each extension app that brings a folder of this name: ``templates``, ``migrations``."""
    found = []
    for package in departments():
        spec = importlib.util.find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec is not None else ():
            folder = Path(root) / name
            if folder.is_dir():
                found.append((package, folder))
    return found


def load_models(names: Iterable[str]) -> list[ModuleType]:
    """Import every module of the kernel and of the departments: what they declare registers itself."""
    loaded: list[ModuleType] = []
    for package in (*KERNEL, *(f"erp.{name}" for name in names)):
        loaded += _import_tree(package)
    for package in departments():
        try:
            loaded += _import_tree(package)
        except Exception as error:
            raise BrokenExtension(f"the extension app {package} cannot be loaded: {error}") from error
    return loaded


SKIPPED = {"cli", "cli_commands", "application", "sink", "pdf", "demo", "conformance", "migrations", "__main__"}


def _import_tree(package: str) -> list[ModuleType]:
    root = importlib.import_module(package)
    found = [root]
    names = [info.name for info in pkgutil.walk_packages(root.__path__, f"{package}.")]
    names = [name for name in names if SKIPPED.isdisjoint(name.split("."))]
    return found + [importlib.import_module(name) for name in sorted(names, key=_reading_order)]


def _reading_order(name: str) -> tuple[int, str]:
    last = name.rsplit(".", 1)[1]
    return (ORDER.index(last) if last in ORDER else -1, name)


def load_modules(app: Flask, names: Iterable[str]) -> None:
    """Import everything, register each blueprint found at module level once, find templates and words of apps."""
    _find_folders(app)
    seen: set[str] = set()
    for module in load_models(names):
        for value in list(vars(module).values()):
            if isinstance(value, Blueprint) and value.name not in seen:
                seen.add(value.name)
                app.register_blueprint(value)


def _find_folders(app: Flask) -> None:
    """Look in the folders of extension apps first, so that an app may stand in for a template of ours."""
    theirs = [FileSystemLoader(folder) for _package, folder in app_folders("templates")]
    if theirs and app.jinja_loader is not None:
        app.jinja_loader = ChoiceLoader([*theirs, app.jinja_loader])
    for _package, folder in app_folders("translations"):
        add_catalogue(folder)
