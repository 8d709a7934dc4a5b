"""What is built holds the program and its lessons and nothing else, and runs where it is installed."""

from __future__ import annotations

import fnmatch
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SHIPPED_IN_SDIST = (
    ".ci",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "docs",
    "lessons",
    "nn_tutor",
    "tests",
)
ALWAYS_IN_SDIST = {".gitignore", "PKG-INFO", "pyproject.toml"}
STRAY = (
    "nn_tutor/__pycache__/cli.cpython-311.pyc",
    "nn_tutor/network/.mypy_cache/x.json",
    "lessons/__pycache__/x.pyc",
    "lessons/.venv/pyvenv.cfg",
    "tests/.hypothesis/x",
    "build/lib/nn_tutor/old.py",
    "nn_tutor.egg-info/PKG-INFO",
)


@dataclass(frozen=True)
class Built:
    """A clean copy of the project and what was built from it."""

    tree: Path
    files: frozenset[str]
    sdist: Path
    wheel: Path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build sdist and wheel from a copy of the tree that has the leftovers of a working day in it."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    files = project_files()
    for name in files:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    for name in STRAY:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("left over")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(tree)], cwd=out)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return Built(tree, files, sdist, wheel)


def project_files() -> frozenset[str]:
    """Return the files of the project: those that git knows or would take, or else all that `.gitignore` lets pass."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            return frozenset(name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file())
    patterns = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]
    return frozenset(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if path.is_file()
        and not any(fnmatch.fnmatch(part, pattern) for part in path.relative_to(ROOT).parts for pattern in patterns)
    )


def run(command: list[str], cwd: Path) -> str:
    """Run a command far from the checkout and return what it printed; fail with all of it."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "PYTEST"))}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**environment, "HOME": str(cwd), "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_wheel_holds_the_package_and_the_lessons_and_nothing_else(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = {name for name in built.files if name.startswith("nn_tutor/")}
    lessons = {f"nn_tutor/{name}" for name in built.files if name.startswith("lessons/")}
    assert names == package | lessons
    assert "nn_tutor/py.typed" in names
    assert any(name.startswith("nn_tutor/lessons/01-") and name.endswith("/lesson.toml") for name in names)


def test_the_sdist_holds_the_project_and_nothing_else(built: Built) -> None:
    with tarfile.open(built.sdist) as sdist:
        names = {member.name.split("/", 1)[1] for member in sdist.getmembers() if member.isfile()}
    wanted = {name for name in built.files if name.split("/")[0] in SHIPPED_IN_SDIST}
    assert names == wanted | ALWAYS_IN_SDIST
    for name in ("lessons/04-chain-rule/lesson.toml", "nn_tutor/py.typed", "tests/run_all.py", ".ci/run"):
        assert name in names


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_what_is_installed_runs_from_anywhere(built: Built, kind: str, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    pip = [sys.executable, "-m", "pip"]
    alone = ["--no-deps", "--no-index", "--quiet"]
    wheel = built.wheel
    if kind == "sdist":
        run([*pip, "wheel", *alone, "--no-build-isolation", "-w", str(tmp_path), str(built.sdist)], cwd=elsewhere)
        (wheel,) = tmp_path.glob("*.whl")
    run([sys.executable, "-m", "venv", "--without-pip", str(environment)], cwd=elsewhere)
    bin_folder = environment / "bin"
    run([*pip, "--python", str(bin_folder / "python"), "install", *alone, str(wheel)], cwd=elsewhere)
    _lend_dependencies(environment)

    where = run([str(bin_folder / "python"), "-c", "import nn_tutor; print(nn_tutor.__file__)"], cwd=elsewhere)
    assert Path(where.strip()).is_relative_to(environment)
    version = run([str(bin_folder / "nn-tutor"), "--version"], cwd=elsewhere)
    assert version.split() == ["nn-tutor", wheel.name.split("-")[1]]
    listed = run([str(bin_folder / "nn-tutor"), "list"], cwd=elsewhere)
    folders = {Path(name).parent.name for name in built.files if fnmatch.fnmatch(name, "lessons/*/lesson.toml")}
    assert folders
    assert len(listed.splitlines()) >= len(folders)
    for folder in folders:
        assert folder.split("-", 1)[1] in listed
    run([str(bin_folder / "nn-tutor"), "check"], cwd=elsewhere)


def _lend_dependencies(environment: Path) -> None:
    """Let a fresh environment see the packages of the running one, behind its own, so that nothing is downloaded.

    The `.pth` files of the running environment are not followed, so its own nn-tutor stays out of sight.
    """
    (site,) = environment.glob("lib/python*/site-packages")
    running = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("\n".join(sorted(running)) + "\n")
